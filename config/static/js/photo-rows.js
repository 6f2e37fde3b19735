// 照片各行: their order, the cover, captions one after another. Without this file the number in each row says its place
// and every row is filled in by itself.
(() => {
  const make = (name, properties) => Object.assign(document.createElement(name), properties);
  const MARK = /[[【（(]\s*图\s*\d{1,2}\s*[\]】）)]/g;

  const bring = area => {
    const group = document.getElementById(`${area.dataset.prefix}-group`), body = group.querySelector('tbody');
    const said = area.querySelector('.photos-summary'), tools = area.querySelector('.photos-tools');
    const part = (row, name) => row.querySelector(`[name$="-${name}"]`);
    const all = () => [...body.querySelectorAll('tr.form-row:not(.empty-form)')];
    const hasPicture = row => row.matches('.has_original, .is-uploading') || Boolean(part(row, 'upload').value || part(row, 'image').value);
    const rows = () => all().filter(hasPicture);
    const isDeleted = row => Boolean(part(row, 'DELETE') && part(row, 'DELETE').checked);
    const typed = field => field.dispatchEvent(new Event('input', { bubbles: true })); // the page asks before it is left unsaved

    const show = () => {
      const inOrder = rows(), cover = inOrder.find(row => !isDeleted(row));
      tools.hidden = !inOrder.length;
      for (const row of all()) {
        const place = inOrder.indexOf(row), own = row.photo;
        own.number.textContent = place < 0 ? '' : `图${place + 1}`;
        own.tools.hidden = place < 0;
        row.classList.toggle('is-cover', row === cover);
        row.classList.toggle('is-deleted', isDeleted(row));
        own.cover.textContent = row === cover ? area.dataset.cover : '';
        own.first.hidden = row === cover || isDeleted(row);
        // Not disabled: that would take the focus from whoever has just pressed it.
        own.up.setAttribute('aria-disabled', place === 0);
        own.down.setAttribute('aria-disabled', place === inOrder.length - 1);
        for (const [button, words] of [[own.up, '上移'], [own.down, '下移'], [own.first, '设为封面']]) {
          button.setAttribute('aria-label', `${words}：图${place + 1}`);
        }
        const out = row.querySelector('.inline-deletelink');
        if (out && place >= 0) { out.textContent = '移除'; out.setAttribute('aria-label', `移除：图${place + 1}`); }
      }
    };
    const number = () => {
      rows().forEach((row, place) => { part(row, 'position').value = place + 1; });
      show();
    };
    // A text that names photos by their numbers names other ones now.
    const warned = () => {
      const text = document.getElementById('id_body'), marks = text ? text.value.match(MARK) : null;
      return marks ? `正文里写了${[...new Set(marks)].join('')}，请核对它们指的还是不是原来的照片。` : '';
    };
    const place = (row, to) => {
      const inOrder = rows(), from = inOrder.indexOf(row);
      if (to < 0 || to >= inOrder.length) { said.textContent = `这一张已经在最${to < 0 ? '前' : '后'}面。`; return; }
      if (to === from) return;
      inOrder[to][to < from ? 'before' : 'after'](row);
      number();
      said.textContent = `图${from + 1}移到了图${to + 1}的位置，共${inOrder.length}张。${to === 0 ? '现在它是封面。' : ''}${warned()}`;
      typed(part(row, 'position'));
    };

    const button = (words, act) => {
      const made = make('button', { type: 'button', className: 'photo-button', textContent: words });
      made.addEventListener('click', act);
      return made;
    };
    const dress = row => {
      if (row.photo) return;
      const step = by => () => { place(row, rows().indexOf(row) + by); };
      row.photo = {
        number: make('b', { className: 'photo-number' }), cover: make('p', { className: 'photo-cover' }),
        tools: make('div', { className: 'photo-tools' }),
        up: button('上移', step(-1)), down: button('下移', step(1)), first: button('设为封面', () => { place(row, 0); row.photo.up.focus(); }),
      };
      const image = row.querySelector('.field-image'), handle = make('span', { className: 'photo-handle', textContent: '⠿', title: '拖动换位置', draggable: true });
      handle.setAttribute('aria-hidden', 'true');
      row.photo.tools.append(handle, row.photo.up, row.photo.down, row.photo.first);
      row.querySelector('.field-position').append(row.photo.tools);
      image.prepend(row.photo.number);
      image.append(row.photo.cover);
      const caption = part(row, 'caption');
      caption.setAttribute('aria-describedby', `${area.dataset.prefix}-keys`);
      caption.setAttribute('enterkeyhint', 'next');
    };

    /* ── captions one after another ── */
    const field = event => (event.target.matches('input[name$="-caption"]') && body.contains(event.target) ? event.target : null);
    const captions = () => rows().map(row => part(row, 'caption'));
    body.addEventListener('keydown', event => {
      const own = field(event);
      if (!own || event.isComposing || event.keyCode === 229 || event.altKey || event.ctrlKey || event.metaKey) return; // Chinese is still being put together
      const among = captions(), next = among[among.indexOf(own) + (event.shiftKey ? -1 : 1)];
      if (event.key === 'Enter') event.preventDefault(); // and never sends the form
      if (event.key === 'ArrowDown') { event.preventDefault(); part(own.closest('tr'), 'alt').focus(); }
      if ((event.key === 'Enter' || event.key === 'Tab') && next) { event.preventDefault(); next.focus(); next.scrollIntoView({ block: 'nearest' }); }
    });
    tools.querySelector('button').addEventListener('click', () => {
      const chosen = tools.querySelector('select'), open = rows().map(row => part(row, 'consent')).filter(one => !one.value);
      if (!chosen.value) { chosen.focus(); said.textContent = '请先选肖像授权，再点“填上”。'; return; }
      for (const one of open) { one.value = chosen.value; typed(one); }
      said.textContent = open.length ? `${open.length}张照片的肖像授权填成了“${chosen.selectedOptions[0].textContent}”，请逐张核对。` : '每张照片都填过肖像授权，没有改动。';
    });

    /* ── order by dragging, and by numbers ── */
    let dragged = null;
    body.addEventListener('dragstart', event => {
      if (!event.target.matches('.photo-handle')) return;
      dragged = event.target.closest('tr');
      event.dataTransfer.effectAllowed = 'move';
      event.dataTransfer.setData('text/plain', '');
      event.dataTransfer.setDragImage(dragged, 20, 20);
    });
    const under = event => (dragged && event.target.closest ? event.target.closest('tr.form-row') : null);
    const after = (event, row) => event.clientY > row.getBoundingClientRect().top + row.offsetHeight / 2;
    const unmark = () => { for (const row of all()) row.classList.remove('is-drop-before', 'is-drop-after'); };
    body.addEventListener('dragover', event => {
      const row = under(event);
      if (!row || !hasPicture(row)) return;
      event.preventDefault();
      unmark();
      row.classList.add(after(event, row) ? 'is-drop-after' : 'is-drop-before');
    });
    body.addEventListener('drop', event => {
      const row = under(event);
      if (!row || !hasPicture(row)) return;
      event.preventDefault();
      const others = rows().filter(one => one !== dragged), at = others.indexOf(row);
      if (row !== dragged) place(dragged, at + (after(event, row) ? 1 : 0));
    });
    body.addEventListener('dragend', () => { unmark(); dragged = null; });
    body.addEventListener('change', event => {
      if (event.target.matches('[name$="-position"]')) {
        const row = event.target.closest('tr'), count = rows().length, to = Math.min(count, Math.max(1, Number(event.target.value) || 1)) - 1;
        if (rows()[to] === row) number();
        else if (hasPicture(row)) place(row, to);
      } else if (event.target.matches('[name$="-image"]')) number();
      else show();
    });

    for (const row of all()) dress(row);
    document.addEventListener('formset:added', event => { if (body.contains(event.target)) { dress(event.target); show(); } });
    document.addEventListener('formset:removed', number);
    area.addEventListener('photos:changed', number);
    show();
  };

  document.addEventListener('DOMContentLoaded', () => document.querySelectorAll('.photos-at-once').forEach(bring));
})();
