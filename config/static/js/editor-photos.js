// 文字编辑器: the record's own photos in its text. A paragraph [图1] stands for the first photo of the form below; a
// picture that is pasted or dropped becomes a new photo of the form, and is sent with it. Nothing is uploaded before.
import { Extension, crel, pm } from 'django-prose-editor/editor';

const { Plugin, PluginKey, TextSelection } = pm.state, { Decoration, DecorationSet } = pm.view;
const KEY = new PluginKey('photos');
const MEGABYTE = 1024 * 1024;
let dialogs = 0;

/* ── the photos in the form, in the order in which the server will number them ── */
class PhotosOfForm {
  constructor(group) {
    this.group = group;
    this.name = document.getElementById(`${group.id.replace(/-group$/, '')}-heading`).textContent.trim();
  }

  get all() {
    const rows = [...this.group.querySelectorAll('tr.form-row:not(.empty-form)')].map(row => {
      const field = name => row.querySelector(`.field-${name} input`);
      return {
        row, input: row.querySelector('input[type="file"]'), address: (row.querySelector('img.thumbnail') || {}).src,
        position: field('position'), caption: field('caption') ? field('caption').value.trim() : '',
        isDeleted: Boolean(row.querySelector('input[name$="-DELETE"]:checked')),
      };
    });
    return rows.filter(one => !one.isDeleted);
  }

  get numbered() {
    const place = one => Number(one.position && one.position.value) || 0;
    return this.all.filter(one => one.address || (one.input && one.input.files.length)).sort((one, other) => place(one) - place(other));
  }

  // Of a file that was chosen but not sent there is no address, and our security policy allows no other: it is drawn.
  picture(photo) {
    const file = photo.input && photo.input.files[0];
    if (!file) return crel('img', { src: photo.address, alt: '' });
    const canvas = crel('canvas', { width: 160, height: 120 });
    createImageBitmap(file, { resizeWidth: 160 }).then(drawn => {
      canvas.height = drawn.height;
      canvas.getContext('2d').drawImage(drawn, 0, 0);
    }, () => canvas.remove()); // HEIC, which few browsers read
    return canvas;
  }

  // A row for the file, and its number; 0 where the browser does not let a script fill in a file.
  add(file) {
    const isFree = one => one.input && !one.address && !one.input.files.length;
    if (!this.all.some(isFree)) this.group.querySelector('.add-row a').click();
    const free = this.all.find(isFree);
    if (!free) return 0;
    const last = Math.max(0, ...this.numbered.map(one => Number(one.position && one.position.value) || 0));
    try {
      const transfer = new DataTransfer();
      transfer.items.add(file);
      free.input.files = transfer.files;
    } catch { return 0; }
    if (!free.input.files.length) return 0;
    if (free.position) free.position.value = last;
    for (const name of ['input', 'change']) free.input.dispatchEvent(new Event(name, { bubbles: true }));
    return this.numbered.findIndex(one => one.row === free.row) + 1;
  }

  whyNot(file, mostBytes) {
    const { accept } = this.group.querySelector('input[type="file"]'), ending = file.name.replace(/^.*(?=\.)/, '').toLowerCase();
    if (!accept.split(',').some(kind => kind === file.type || kind === ending)) return `“${file.name}”不是能用的照片（要JPG、PNG、WebP或HEIC），没有放进来。`;
    if (file.size > mostBytes) return `“${file.name}”有${Math.ceil(file.size / MEGABYTE)}MB，超过${mostBytes / MEGABYTE}MB，没有放进来，请缩小后再试。`;
    return '';
  }
}

/* ── marks: paragraphs that are nothing but [图1] ── */
const marksIn = (doc, pattern) => {
  const marks = [];
  doc.descendants((node, position, parent) => {
    const found = node.type.name === 'paragraph' && pattern.exec(node.textContent);
    if (found) marks.push({ node, position, number: Number(found[1]), isNested: parent !== doc });
  });
  return marks;
};
const told = numbers => [...new Set(numbers)].map(number => `[图${number}]`).join('');
const warnings = (marks, photos) => {
  const count = photos.numbered.length, outside = marks.filter(mark => !mark.isNested).map(mark => mark.number);
  const absent = outside.filter(number => number < 1 || number > count);
  const again = outside.filter((number, place) => number >= 1 && number <= count && outside.indexOf(number) !== place);
  const nested = marks.filter(mark => mark.isNested && mark.number <= count).map(mark => mark.number);
  return [
    absent.length ? `正文里的${told(absent)}没有对应的照片（“${photos.name}”里${count ? `只有${count}张` : '还没有照片'}），请补上照片，或者改正编号。` : '',
    again.length ? `正文里${told(again)}写了不止一次，照片只在第一处显示，请删去多余的。` : '',
    nested.length ? `列表、表格或引用里的${told(nested)}不会变成照片，请移出来，单独成一段。` : '',
  ].join('');
};
const decorations = (doc, pattern, photos) => {
  const numbered = photos.numbered, made = [];
  for (const { node, position, number, isNested } of marksIn(doc, pattern)) {
    if (isNested) continue;
    const photo = numbered[number - 1], end = position + node.nodeSize;
    made.push(Decoration.node(position, end, { class: photo ? 'photo-mark' : 'photo-mark is-missing' }));
    if (!photo) continue;
    const file = photo.input && photo.input.files[0];
    const shown = () => crel('span', { className: 'photo-mark-picture', contentEditable: 'false' }, [photos.picture(photo), photo.caption]);
    const key = [number, file ? `${file.name} ${file.size} ${file.lastModified}` : photo.address, photo.caption].join('\n');
    made.push(Decoration.widget(end - 1, shown, { side: 1, key, ignoreSelection: true }));
  }
  return DecorationSet.create(doc, made);
};

// Each mark is a paragraph of its own at the outermost level: beside the paragraph, list or table where the cursor is.
const place = (editor, numbers) => {
  const { state } = editor, { schema, tr } = state, { $to } = state.selection;
  const marks = numbers.map(number => schema.nodes.paragraph.create(null, schema.text(`[图${number}]`)));
  const isPlain = $to.depth === 1 && $to.parent.type.name === 'paragraph', offset = $to.parentOffset;
  let at = $to.depth ? $to.after(1) : $to.pos;
  if (isPlain && !$to.parent.content.size) {
    at = $to.before(1);
    tr.delete(at, $to.after(1));
  } else if (isPlain && !offset) at = $to.before(1);
  else if (isPlain && offset < $to.parent.content.size) {
    tr.split($to.pos);
    at = $to.pos + 1;
  }
  tr.insert(at, marks);
  const end = at + marks.reduce((size, mark) => size + mark.nodeSize, 0);
  if (end === tr.doc.content.size) tr.insert(end, schema.nodes.paragraph.create()); // else what is typed next would join the mark
  tr.setSelection(TextSelection.near(tr.doc.resolve(end)));
  editor.view.dispatch(tr.scrollIntoView());
  editor.view.focus();
};

const choose = (editor, photos, pattern) => {
  const label = `photo-chooser-${++dialogs}`, placed = marksIn(editor.state.doc, pattern).map(mark => mark.number);
  const close = crel('button', { type: 'button', textContent: '取消' });
  const items = photos.numbered.map((photo, index) => {
    const words = [crel('b', { textContent: `图${index + 1}` }), crel('span', { textContent: photo.caption || '还没有图片说明' })];
    if (placed.includes(index + 1)) words.push(crel('small', { textContent: '已放进正文' }));
    const button = crel('button', { type: 'button' }, [crel('span', { className: 'photo-chooser-picture' }, [photos.picture(photo)]), ...words]);
    button.addEventListener('click', () => { dialog.close(); place(editor, [index + 1]); });
    return crel('li', null, [button]);
  });
  const none = `“${photos.name}”里还没有照片。请先在那里选择文件；也可以把图片直接粘贴或拖到正文里。`;
  const dialog = crel('dialog', { className: 'prose-editor-dialog photo-chooser', 'aria-labelledby': label }, [
    crel('h3', { id: label, className: 'prose-editor-dialog-title', textContent: '插入照片' }),
    items.length ? crel('ul', null, items) : crel('p', { textContent: none }),
    crel('div', { className: 'prose-editor-dialog-buttons' }, [close]),
  ]);
  close.addEventListener('click', () => dialog.close());
  dialog.addEventListener('close', () => { dialog.remove(); editor.view.focus(); });
  editor.view.dom.parentElement.append(dialog);
  dialog.showModal();
};

const take = (editor, photos, files, mostBytes) => {
  const refused = [], numbers = [], fine = [['知道了', () => {}]];
  for (const file of files) {
    const why = photos.whyNot(file, mostBytes), number = why ? 0 : photos.add(file);
    if (number) numbers.push(number);
    else refused.push(why || `浏览器不允许把“${file.name}”直接放进表单。请在“${photos.name}”里选择这个文件，再点“插入照片”。`);
  }
  if (numbers.length) place(editor, numbers);
  const added = numbers.length ? `已放进“${photos.name}”：${numbers.map(number => `图${number}`).join('、')}，和正文一起保存。请在那里填写图片说明和肖像授权。` : '';
  editor.storage.notes.tell('files', [added, ...refused].join(''), fine);
};

export const Photos = Extension.create({
  name: 'photos',
  priority: 200, // before what refuses files in other texts

  addOptions() {
    return { formset: 'photos', mark: '', mostBytes: 0 };
  },

  addStorage() {
    return { photos: null, pattern: null };
  },

  onBeforeCreate() {
    const group = document.getElementById(`${this.options.formset}-group`);
    this.storage.photos = group && group.querySelector('input[type="file"]') ? new PhotosOfForm(group) : null;
    this.storage.pattern = new RegExp(`^\\s*${this.options.mark}\\s*$`);
  },

  addMenuItems({ menu, buttons }) {
    menu.defineItem({
      name: 'photo',
      groups: 'photo',
      button: buttons.material('add_photo_alternate', '插入照片'),
      hidden: editor => !editor.storage.photos.photos,
      command: editor => choose(editor, editor.storage.photos.photos, editor.storage.photos.pattern),
    });
  },

  addProseMirrorPlugins() {
    const { editor, storage, options } = this, { photos, pattern } = storage;
    if (!photos) return [];
    const see = () => editor.storage.notes.tell('marks', warnings(marksIn(editor.state.doc, pattern), photos));
    return [new Plugin({
      key: KEY,
      state: {
        init: (_config, state) => decorations(state.doc, pattern, photos),
        apply: (tr, old) => tr.docChanged || tr.getMeta(KEY) ? decorations(tr.doc, pattern, photos) : old,
      },
      view: view => {
        const look = () => { if (!editor.isDestroyed) view.dispatch(view.state.tr.setMeta(KEY, true)); };
        photos.group.addEventListener('input', look);
        photos.group.addEventListener('change', look);
        for (const name of ['formset:added', 'formset:removed']) document.addEventListener(name, look);
        setTimeout(see);
        return { update: see };
      },
      props: {
        decorations: state => KEY.getState(state),
        handlePaste(view, { clipboardData }) {
          if (!clipboardData || !clipboardData.files.length || clipboardData.getData('text/plain').trim()) return false; // Office adds a picture of the words
          take(editor, photos, clipboardData.files, options.mostBytes);
          return true;
        },
        handleDrop(view, event) {
          const { files } = event.dataTransfer, spot = view.posAtCoords({ left: event.clientX, top: event.clientY });
          if (!files.length) return false;
          if (spot) view.dispatch(view.state.tr.setSelection(TextSelection.near(view.state.doc.resolve(spot.pos))));
          take(editor, photos, files, options.mostBytes);
          return true;
        },
      },
    })];
  },
});
