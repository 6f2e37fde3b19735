// 自选栏目: buttons that move a column up and down, and the header of the ledger as it will be. Without this file the
// numbers in the table are typed.
(() => {
  const make = (name, properties) => Object.assign(document.createElement(name), properties);

  const bring = root => {
    const lines = [...root.querySelectorAll('[data-column]')].map(row => ({
      row, key: row.dataset.column, tick: row.querySelector('[type=checkbox]'),
      order: row.querySelector('.own-columns-order input'), header: row.querySelector('td:last-child input'),
    }));
    const now = root.querySelector('.own-columns-now'), said = now.querySelector('[role=status]');
    const most = Number(root.dataset.ownColumns);

    // As the server does: by the numbers; what has none comes last; what is equal stays in the order of the table.
    const chosen = () => lines.filter(line => line.tick.checked)
      .map(line => ({ line, place: /^\d+$/.test(line.order.value.trim()) ? Number(line.order.value) : Infinity }))
      .sort((one, other) => (one.place === other.place ? 0 : one.place - other.place)).map(each => each.line);

    const show = inOrder => {
      now.hidden = false;
      now.querySelector('p').textContent = `已选${inOrder.length}栏，表头是：${inOrder.length > most ? `（多于${most}栏，只能导出，一张纸打印不下）` : ''}`;
      now.querySelector('ol').replaceChildren(...inOrder.map(line => make('li', { textContent: line.header.value.trim() || line.key })));
      for (const line of lines) {
        const place = inOrder.indexOf(line);
        line.row.classList.toggle('is-chosen', place >= 0);
        line.up.hidden = line.down.hidden = place < 0;
        // Not disabled: that would take the focus from whoever has just pressed it.
        line.up.setAttribute('aria-disabled', place === 0);
        line.down.setAttribute('aria-disabled', place === inOrder.length - 1);
      }
    };
    const number = inOrder => {
      for (const line of lines) line.order.value = inOrder.includes(line) ? inOrder.indexOf(line) + 1 : '';
      show(inOrder);
    };
    const move = (line, step) => {
      const inOrder = chosen(), from = inOrder.indexOf(line), to = from + step;
      if (to < 0 || to >= inOrder.length) { said.textContent = `“${line.key}”已经在最${step < 0 ? '前' : '后'}面`; return; }
      inOrder.splice(from, 1);
      inOrder.splice(to, 0, line);
      number(inOrder);
      said.textContent = `“${line.key}”现在是第${to + 1}栏，共${inOrder.length}栏`;
      line.order.dispatchEvent(new Event('input', { bubbles: true })); // the page asks before it is left unsaved
    };

    for (const line of lines) {
      line.up = make('button', { type: 'button', textContent: '↑', title: '前移' });
      line.down = make('button', { type: 'button', textContent: '↓', title: '后移' });
      line.up.setAttribute('aria-label', `前移“${line.key}”`);
      line.down.setAttribute('aria-label', `后移“${line.key}”`);
      line.up.addEventListener('click', () => move(line, -1));
      line.down.addEventListener('click', () => move(line, 1));
      line.order.parentElement.append(line.up, line.down);
      line.tick.addEventListener('change', () => {
        if (line.tick.checked) line.order.value = '';
        number(chosen());
        said.textContent = line.tick.checked ? `已选“${line.key}”，排在最后` : `已去掉“${line.key}”`;
      });
      line.order.addEventListener('change', () => { if (/^\s*\d*\s*$/.test(line.order.value)) number(chosen()); });
      line.header.addEventListener('input', () => show(chosen()));
    }
    show(chosen());
  };

  document.addEventListener('DOMContentLoaded', () => document.querySelectorAll('[data-own-columns]').forEach(bring));
})();
