// 台账: how much of a large download has come, and a way to stop it. Without this file its link is an ordinary download.
(() => {
  const box = document.querySelector('[data-download-box]');
  if (!box || !window.AbortController || !window.Blob || !Blob.prototype.text) return;
  const said = box.querySelector('[role=status]'), bar = box.querySelector('progress'), stop = box.querySelector('button');
  // Behind the last byte of what is whole (publishing/downloads.py): an answer that broke off can look like one that ended.
  const END = '\n-- the whole file --\n';
  const PAUSE = 2000; // milliseconds between two sentences: somebody may be listening to them
  let running = null, lastSaid = 0;

  const size = bytes => bytes < 1e6 ? `${Math.max(1, Math.round(bytes / 1e3))} KB` : `${(bytes / 1e6).toFixed(1)} MB`;
  const say = text => { said.textContent = text; lastSaid = Date.now(); };

  const tell = (received, whole) => {
    const percent = whole ? Math.min(99, Math.round(received / whole * 100)) : 0; // it is an estimate
    if (whole) bar.value = percent;
    if (Date.now() - lastSaid >= PAUSE) say(`正在导出：已收到${size(received)}${whole ? `，约${percent}%` : ''}`);
  };
  const nameIn = disposition => {
    const coded = /filename\*=utf-8''([^;]+)/i.exec(disposition), plain = /filename="([^"]*)"/i.exec(disposition);
    return coded ? decodeURIComponent(coded[1]) : plain ? plain[1] : '台账';
  };
  const save = (file, name) => {
    const link = Object.assign(document.createElement('a'), { href: URL.createObjectURL(file), download: name });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60000);
  };

  const receive = async answer => {
    const whole = Number(answer.headers.get('X-Estimated-Length')), reader = answer.body.getReader(), parts = [];
    let received = 0;
    lastSaid = 0;
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      parts.push(value);
      received += value.length;
      tell(received, whole);
    }
    const all = new Blob(parts, { type: answer.headers.get('Content-Type') });
    if (await all.slice(-END.length).text() !== END) throw new Error('cut off');
    return all.slice(0, -END.length, all.type);
  };
  const fetchAndSave = async link => {
    const disposition = answer => !answer.redirected && answer.ok && answer.headers.get('Content-Disposition');
    try {
      const answer = await fetch(link.href, { headers: { 'X-End-Mark': '1' }, signal: running.signal });
      if (!disposition(answer)) { say('没有导出：可能登录已过期，或者条件已经变了。请刷新页面后重试。'); return; }
      const name = nameIn(disposition(answer)), file = await receive(answer);
      save(file, name);
      say(`导出完成：${name}（${size(file.size)}）`);
    } catch (refusal) {
      say(refusal.name === 'AbortError' ? '已停止，没有保存文件。' : '没有导完，请重试。没有保存文件；如果总是中断，请缩短时间范围，分几次导出。');
    }
  };
  const begin = async link => {
    running = new AbortController();
    box.hidden = bar.hidden = stop.hidden = false;
    bar.removeAttribute('value');
    say('正在导出，请稍等……');
    await fetchAndSave(link);
    const hadFocus = document.activeElement === stop;
    running = null;
    bar.hidden = stop.hidden = true;
    if (hadFocus) link.focus();
  };

  stop.addEventListener('click', () => running && running.abort());
  document.addEventListener('click', event => {
    const link = event.target.closest('a[data-download]');
    if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    if (running) say('请等这一份导完，或者先停止，再导另一份。');
    else begin(link);
  });
  window.addEventListener('beforeunload', event => { if (running) event.preventDefault(); });
})();
