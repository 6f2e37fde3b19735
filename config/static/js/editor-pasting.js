// 文字编辑器: what Word, WPS and WeChat put into the clipboard, before the editor's schema forgets the styles that say
// what is a list, a heading or bold. How such HTML is read is said in publishing/pasting.py, whose patterns come with the
// options; the same samples are tested against both (tests/publishing/pasted). What is left is done when the text is saved.
import { Extension, Plugin } from 'django-prose-editor/editor';

const NUMERALS = '[一二三四五六七八九十]{1,3}';
const FIRST_LEVEL = new RegExp(`^${NUMERALS}、`), SECOND_LEVEL = new RegExp(`^[（(]${NUMERALS}[）)]`);
const MOST_OF_A_HEADING = 25, MOST_OF_A_BOLD_ONE = 60; // characters
const IN_LINE = 'p, pre, li, dt, dd, td, th, caption, figcaption, blockquote, h1, h2, h3, h4, h5, h6';
const BLOCKS = `${IN_LINE}, div, section, article, ul, ol, table, tr, br, hr`;

// Styles are read as text and thrown away: our security policy would not apply them, and complains of each.
const withoutStyles = html => html
  .replace(/<style[\s\S]*?<\/style>/gi, '')
  .replace(/<[^>]+>/g, tag => tag.replace(/\sstyle\s*=/gi, ' data-style='));

const rename = (element, name) => {
  const other = element.ownerDocument.createElement(name);
  other.append(...element.childNodes);
  element.replaceWith(other);
};
const wrap = (element, name) => {
  const inner = element.ownerDocument.createElement(name);
  inner.append(...element.childNodes);
  element.append(inner);
};

/* ── lists: paragraphs whose first words are the bullet or the number ── */
const intoLists = (body, is) => {
  let open = []; // the lists that a line may still go on with, the outermost first
  for (const line of body.querySelectorAll('p, h1, h2, h3, h4, h5, h6')) {
    const marker = [...line.querySelectorAll('[data-style]')].find(one => is.listMarker.test(one.dataset.style));
    if (!marker) continue;
    const words = marker.textContent.trim(), number = is.number.exec(words);
    marker.remove();
    if (!words || line.localName !== 'p' || !(number || is.bullet.test(words))) {
      line.prepend(/[A-Za-z0-9]$/.test(words) ? `${words} ` : words); // 一、 is part of what is said
      continue;
    }
    const name = number ? 'ol' : 'ul', count = number ? Number(number[1] || 0) : 0;
    const level = Number((is.listLevel.exec(line.dataset.style || '') || [0, 1])[1]);
    if (!open.length || line.previousElementSibling !== open[0].list) open = [];
    while (open.length && open.at(-1).level > level) open.pop();
    const last = open.at(-1);
    if (last && last.level === level && (last.list.localName !== name || count === 1)) open.pop();
    if (!open.length || open.at(-1).level < level) {
      const list = body.ownerDocument.createElement(name);
      if (count > 1) list.setAttribute('start', count);
      if (open.length) open.at(-1).list.lastElementChild.append(list);
      else line.before(list);
      open.push({ level, list });
    }
    const item = body.ownerDocument.createElement('li');
    open.at(-1).list.append(item);
    item.append(line);
  }
};

/* ── indents: full-width blanks and their like at the beginning of a line ── */
const withoutIndents = (body, indent) => {
  let atStart = true;
  const walker = body.ownerDocument.createTreeWalker(body, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (node.nodeType === Node.ELEMENT_NODE) atStart = atStart || node.matches(BLOCKS);
    else if (atStart) {
      node.data = node.data.replace(indent, '');
      atStart = !node.data;
    }
  }
};

/* ── what is set higher or lower, in the characters that say so: m², CO₂ ── */
const inLetters = (element, letters) => {
  const text = element.textContent;
  if (![...text].every(letter => letter in letters || !letter.trim())) return;
  const walker = element.ownerDocument.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) walker.currentNode.data = walker.currentNode.data.replace(/\S/g, letter => letters[letter]);
};

const read = (html, { headings, boldByStyle, letters }, is) => {
  const page = new DOMParser().parseFromString(withoutStyles(html), 'text/html'), body = page.body;
  const each = (selector, act) => body.querySelectorAll(selector).forEach(act);
  const styled = (element, pattern) => is[pattern].test(element.dataset.style || '');
  const pictures = [...body.querySelectorAll('img')].filter(one => !['0', '1', '2'].includes(one.getAttribute('width')));
  const drawn = html.match(/<v:imagedata\b/gi) || []; // in comments of Word, each beside an img that shows the same
  each('script, meta, link, title, xml, img, tr[height="0"]', element => element.remove());
  each('[data-style]', element => { if (styled(element, 'hidden')) element.remove(); });
  for (const [name, ones] of Object.entries(letters)) {
    each(`${name}, span, font`, element => { if (element.localName === name || styled(element, name)) inLetters(element, ones); });
  }
  each('p', paragraph => { if (!paragraph.textContent.replace(is.indent, '')) paragraph.remove(); });
  intoLists(body, is);
  each('ul > ul, ul > ol, ol > ul, ol > ol', list => { if (list.previousElementSibling) list.previousElementSibling.append(list); });
  each('b, strong', bold => { if (styled(bold, 'notBold')) rename(bold, 'span'); });
  each(boldByStyle.join(','), element => { if (styled(element, 'bold')) wrap(element, 'strong'); });
  each('h1, h4, h5, h6', heading => rename(heading, headings[heading.localName]));
  each('caption', caption => { caption.closest('table').before(caption); rename(caption, 'p'); });
  each('br', line => { if (!line.closest(IN_LINE)) rename(line, 'div'); }); // of WeChat's frames: the next paragraph
  withoutIndents(body, is.indent);
  each('[data-style]', element => element.removeAttribute('data-style'));
  return { html: body.innerHTML, missing: pictures.length || drawn.length };
};

/* ── sub-headings: paragraphs that look like one, to be asked about ── */
const isBold = node => {
  let bold = true;
  node.descendants(inner => { bold = bold && (!inner.isText || inner.marks.some(mark => mark.type.name === 'bold')); });
  return bold;
};
const looksLikeHeading = node => {
  const text = node.textContent.trim();
  if (node.type.name !== 'paragraph' || !(FIRST_LEVEL.test(text) || SECOND_LEVEL.test(text))) return false;
  return isBold(node) ? text.length <= MOST_OF_A_BOLD_ONE : text.length <= MOST_OF_A_HEADING && !/[。；，、！？]$/.test(text);
};

export const Pasting = Extension.create({
  name: 'pasting',

  addOptions() {
    return { patterns: {}, headings: {}, boldByStyle: [], letters: {} };
  },

  addStorage() {
    return { missing: 0, told: 0, asked: false, declined: new Set() };
  },

  addProseMirrorPlugins() {
    const { options, storage, editor } = this;
    const is = Object.fromEntries(Object.entries(options.patterns).map(([name, source]) => [name, new RegExp(source, 'i')]));
    const refuse = (files, text) => {
      if (!files.length || text.trim()) return false;
      editor.storage.notes.tell('files', '这里只放文字，图片没有放进来。请在本页的照片一栏里选择文件。', [['知道了', () => {}]]);
      return true; // else the browser would leave the form and show the file
    };
    return [new Plugin({
      props: {
        transformPastedHTML(html) {
          storage.missing = 0;
          if (html.includes('data-pm-slice')) return withoutStyles(html); // from the editor itself
          const found = read(html, options, is);
          storage.missing = found.missing;
          return found.html;
        },
        transformPastedText(text) {
          storage.missing = 0;
          return text.split('\n').map(line => line.replace(is.indent, '')).join('\n');
        },
        handlePaste: (view, { clipboardData }) => Boolean(clipboardData) && refuse(clipboardData.files, clipboardData.getData('text/plain')),
        handleDrop: (view, { dataTransfer }) => refuse(dataTransfer.files, ''),
      },
    })];
  },

  onTransaction({ transaction }) {
    if (transaction.getMeta('paste') || transaction.getMeta('uiEvent') === 'drop') {
      this.storage.asked = true;
      this.storage.told += this.storage.missing;
      if (this.storage.missing) this.storage.tellMissing();
      this.storage.missing = 0;
    }
    if (this.storage.asked && transaction.docChanged) this.storage.askForHeadings();
  },

  onBeforeCreate() {
    const { storage, editor } = this, { tell } = editor.storage.notes;
    const candidates = () => {
      const found = [];
      editor.state.doc.forEach((node, position) => {
        if (looksLikeHeading(node) && !storage.declined.has(node.textContent)) found.push({ node, position });
      });
      return found;
    };
    const make = () => {
      const { schema, tr, doc } = editor.state, found = candidates();
      let hasFirst = found.some(({ node }) => FIRST_LEVEL.test(node.textContent.trim()));
      doc.forEach(node => { hasFirst = hasFirst || (node.type.name === 'heading' && node.attrs.level === 2); });
      for (const { node, position } of found) {
        const level = hasFirst && SECOND_LEVEL.test(node.textContent.trim()) ? 3 : 2;
        tr.removeMark(position, position + node.nodeSize, schema.marks.bold);
        tr.setNodeMarkup(position, schema.nodes.heading, { level });
      }
      editor.view.dispatch(tr);
      editor.view.focus();
    };
    storage.askForHeadings = () => {
      const found = candidates();
      const text = found.length ? `有${found.length}段像小标题（“${found[0].node.textContent.trim()}”${found.length > 1 ? '等' : ''}）。` : '';
      tell('headings', text, [
        ['设为小标题', make],
        ['不用', () => { for (const { node } of candidates()) storage.declined.add(node.textContent); editor.view.focus(); }],
      ]);
    };
    storage.tellMissing = () => {
      const heading = document.querySelector('.inline-group:has(input[type="file"]) .inline-heading');
      const where = heading ? `“${heading.textContent.trim()}”` : '照片一栏';
      tell('pictures', `有${storage.told}张图片没有随文字粘贴过来，请在${where}里上传。`, [['知道了', () => { storage.told = 0; }]]);
    };
  },
});
