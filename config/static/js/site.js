// 红帆: progressive enhancement only. Every page also works without this file.
(() => {
  const store = {
    get: key => { try { return localStorage.getItem(key); } catch { return null; } },
    set: (key, value) => { try { localStorage.setItem(key, value); } catch { /* private mode: nothing is remembered */ } },
  };
  const say = text => { const out = document.getElementById('say'); if (out) out.textContent = text; };
  const prose = document.querySelector('.prose[data-size]');
  const tools = document.querySelector('.readtools');
  if (!tools) return;
  tools.hidden = false;

  const resize = size => {
    if (!prose) return;
    prose.dataset.size = size;
    tools.querySelectorAll('[data-size]').forEach(button => button.setAttribute('aria-pressed', String(button.dataset.size === size)));
  };
  if (['l', 'xl'].includes(store.get('size'))) resize(store.get('size'));

  tools.addEventListener('click', event => {
    const button = event.target.closest('button');
    if (!button) return;
    if (button.dataset.print !== undefined) window.print();
    if (button.dataset.copy !== undefined) navigator.clipboard?.writeText(location.href).then(() => say('链接已复制'), () => say('没有复制成功，请长按地址栏复制'));
    if (button.dataset.size) { resize(button.dataset.size); store.set('size', button.dataset.size); }
  });
})();
