// 红帆: progressive enhancement only. Every page also works without this file.
(() => {
  const store = {
    get: key => { try { return localStorage.getItem(key); } catch { return null; } },
    set: (key, value) => { try { localStorage.setItem(key, value); } catch { /* private mode: nothing is remembered */ } },
  };
  const say = text => { const out = document.getElementById('say'); if (out) out.textContent = text; };
  const tools = document.querySelector('.readtools');
  const text = document.querySelector('main [data-size]:not(a)');
  if (!tools || !text) return;
  const sizes = [...tools.querySelectorAll('a[data-size]')];
  const address = () => { const url = new URL(location.href); url.searchParams.delete('size'); return url.href; };

  const resize = size => {
    text.dataset.size = size;
    for (const link of sizes) link.dataset.size === size ? link.setAttribute('aria-current', 'true') : link.removeAttribute('aria-current');
  };
  // A size in the address was asked for just now; else the one chosen last time.
  if (sizes.length && text.dataset.size === 'm' && ['l', 'xl'].includes(store.get('size'))) resize(store.get('size'));

  tools.querySelectorAll('button').forEach(button => { button.hidden = false; });
  tools.addEventListener('click', event => {
    const control = event.target.closest('a, button');
    if (!control || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (control.dataset.size) {
      event.preventDefault();
      resize(control.dataset.size);
      store.set('size', control.dataset.size);
      history.replaceState(null, '', address());
      say(`字号：${control.textContent}`);
    }
    if (control.dataset.print !== undefined) window.print();
    if (control.dataset.copy !== undefined) {
      const failed = () => say('没有复制成功，请长按地址栏复制');
      navigator.clipboard ? navigator.clipboard.writeText(address()).then(() => say('链接已复制'), failed) : failed();
    }
  });
})();
