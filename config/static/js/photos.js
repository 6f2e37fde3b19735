// 一次选多张照片: each file gets its row at once, in the order in which it was chosen, and is sent by itself, two at a time.
// What was sent waits on the server for the form to be saved. Without this file each row takes its own file.
(() => {
  const AT_ONCE = 2;
  const make = (name, properties) => Object.assign(document.createElement(name), properties);
  const LOST = '没有传成功，可能是网络断了。请点“重试”。';

  const bring = area => {
    const { prefix, door, login } = area.dataset;
    const group = document.getElementById(`${prefix}-group`), form = area.closest('form');
    const input = area.querySelector('input[type="file"]'), said = area.querySelector('.photos-summary');
    const left = area.querySelector('.photos-left'), drop = area.querySelector('.photos-drop');
    const part = (row, name) => row.querySelector(`[name$="-${name}"]`);
    const rows = () => [...group.querySelectorAll('tbody tr.form-row:not(.empty-form)')];
    const items = []; // {file, row, state: waiting | sending | done | failed, request}
    let told = '';

    const hospital = () => {
      const chosen = form.querySelector('[name="hospital"]');
      return (chosen && chosen.value) || area.dataset.hospital;
    };
    // Whoever signed in again in another window has another token by now; the form is sent with it, too.
    const csrf = () => {
      const field = form.querySelector('[name="csrfmiddlewaretoken"]'), cookie = /(?:^|; )csrftoken=([^;]+)/.exec(document.cookie);
      if (cookie) field.value = cookie[1];
      return field.value;
    };
    const ask = (method, address, body, heard) => {
      const request = new XMLHttpRequest();
      request.open(method, address);
      request.setRequestHeader('X-CSRFToken', csrf());
      request.timeout = 5 * 60 * 1000;
      request.addEventListener('loadend', () => {
        let answer = null;
        try { answer = JSON.parse(request.responseText); } catch { /* a page, or nothing */ }
        heard(answer, request);
      });
      return { request, go: () => request.send(body) };
    };
    const words = (fields) => { const body = new FormData(); for (const [name, value] of fields) body.append(name, value); return body; };

    /* ── what is said ── */
    const say = text => { if (said.textContent !== text) said.textContent = text; };
    const tell = () => {
      const here = items.filter(item => item.row.isConnected), count = state => here.filter(item => item.state === state).length;
      const failed = count('failed'), going = count('waiting') + count('sending');
      if (!here.length) { say(''); return; }
      const then = going ? '，正在上传…' : failed ? '。请重试或移除没有成功的。' : '。写好说明，再保存。';
      say(`已上传${count('done')}张，共${here.length}张${failed ? `，${failed}张没有成功` : ''}${then}${told}`);
    };
    const show = item => {
      const { row, state } = item, line = item.line;
      row.dataset.state = state;
      item.bar.hidden = state !== 'sending' && state !== 'waiting';
      item.again.hidden = state !== 'failed';
      line.textContent = { waiting: '等待上传', sending: item.percent < 100 ? `正在上传，${item.percent || 0}%` : '已传到，正在处理', done: '', failed: item.why }[state];
      item.bar.value = item.percent || 0;
      tell();
    };

    /* ── one picture ── */
    const failed = (item, why) => { Object.assign(item, { state: 'failed', why }); show(item); };
    const done = (item, answer) => {
      part(item.row, 'upload').value = answer.token;
      item.token = answer.token;
      const image = make('img', { className: 'thumbnail', src: answer.thumbnail, alt: item.file ? item.file.name : '上传的照片' });
      item.row.querySelector('.field-image .photo-number').after(image);
      item.state = 'done';
      show(item);
      known(item.row, answer, image);
    };
    const known = (row, answer, image) => {
      const same = rows().find(other => other !== row && [...other.querySelectorAll('.thumbnail')].some(one => one.src === image.src));
      const note = make('p', { className: 'photo-known' });
      if (same) note.textContent = '这里已经有这张照片了，多余的可以移除。';
      else if (answer.used) {
        note.textContent = `这张照片已经在《${answer.used.title}》里用过。`;
        if (answer.used.caption || answer.used.alt || answer.used.consent) {
          const take = make('button', { type: 'button', className: 'photo-button', textContent: '用原来的说明' });
          take.addEventListener('click', () => {
            for (const name of ['caption', 'alt', 'consent']) part(row, name).value = answer.used[name] || part(row, name).value;
            part(row, 'caption').dispatchEvent(new Event('input', { bubbles: true }));
            note.textContent = `用了《${answer.used.title}》里的说明和肖像授权，可以再改。`;
            part(row, 'caption').focus();
          });
          note.append(' ', take);
        }
      }
      if (note.textContent) row.querySelector('.field-caption').append(note);
    };
    const heard = (item, answer, request) => {
      if (!item.row.isConnected) { if (answer && answer.token) forget([answer.token]); return; }
      if (request.status === 201 && answer) done(item, answer);
      else if (answer && answer.error) failed(item, answer.error);
      else if (request.responseURL && new URL(request.responseURL).pathname === login) failed(item, '登录已经过期。请在新窗口重新登录，再回到这里点“重试”；已经传好的都还在。');
      else if (request.status === 403 || request.status === 404) failed(item, '您不能给这家医院上传照片，或者登录已经换了人。请刷新页面再试。');
      else if (request.status === 413) failed(item, '图片太大，网站没有接受。请缩小后再上传。');
      else if (request.status >= 500) failed(item, '网站这时没能收下这张照片。请过一会儿点“重试”。');
      else failed(item, LOST);
    };
    const send = item => {
      Object.assign(item, { state: 'sending', percent: 0 });
      const { request, go } = ask('POST', door, words([['hospital', hospital()], ['image', item.file]]), (answer, own) => { heard(item, answer, own); next(); });
      request.upload.addEventListener('progress', event => {
        if (event.lengthComputable) { item.percent = Math.round(100 * event.loaded / event.total); show(item); }
      });
      item.request = request;
      show(item);
      go();
    };
    const next = () => {
      const here = items.filter(item => item.row.isConnected);
      const free = AT_ONCE - here.filter(item => item.state === 'sending').length;
      here.filter(item => item.state === 'waiting').slice(0, Math.max(0, free)).forEach(send);
    };
    const forget = tokens => ask('POST', door, words([['hospital', hospital()], ...tokens.map(token => ['forget', token])]), () => {}).go();

    /* ── a row for each ── */
    const isBlank = row => !row.matches('.has_original, .is-uploading') && !['upload', 'image', 'caption', 'alt'].some(name => part(row, name).value);
    const newRow = () => {
      const blank = rows().find(isBlank);
      if (blank) { blank.parentElement.insertBefore(blank, blank.parentElement.querySelector('.empty-form')); return blank; }
      group.querySelector('.add-row a').click();
      return rows().pop();
    };
    const take = file => {
      const row = newRow(), cell = row.querySelector('.field-image'), item = { file, row, state: 'waiting' };
      row.classList.add('is-uploading');
      part(row, 'image').disabled = true; // the file goes by itself
      item.bar = make('progress', { max: 100, value: 0 });
      item.bar.setAttribute('aria-label', `上传${file ? file.name : '照片'}`);
      item.line = make('p', { className: 'photo-progress' });
      item.again = make('button', { type: 'button', className: 'photo-button', textContent: '重试', hidden: true });
      item.again.setAttribute('aria-label', `重试：${file ? file.name : ''}`);
      item.again.addEventListener('click', () => { item.state = 'waiting'; show(item); next(); });
      cell.append(make('p', { className: 'photo-file', textContent: file ? file.name : '' }), item.bar, item.line, item.again);
      items.push(item);
      return item;
    };
    const choose = files => {
      const most = Number(area.dataset.most), chosen = [...files];
      if (!chosen.length) return;
      if (!hospital()) { said.textContent = '请先在表单上面选好医院，再选照片。'; said.focus(); return; }
      told = chosen.length > most ? `一次最多${most}张，这次选了${chosen.length}张：后面${chosen.length - most}张没有放进来，请等这批传完再选。` : '';
      for (const item of chosen.slice(0, most).map(take)) {
        if (item.file.size > Number(area.dataset.maxBytes)) {
          failed(item, area.dataset.tooLarge.replace('0.0', (item.file.size / 2 ** 20).toFixed(1)));
          item.again.hidden = true;
        } else show(item);
      }
      area.dispatchEvent(new Event('photos:changed'));
      part(items[items.length - 1].row, 'position').dispatchEvent(new Event('input', { bubbles: true })); // unsaved from now on
      next();
    };
    input.addEventListener('change', () => { choose(input.files); input.value = ''; });
    for (const name of ['dragenter', 'dragover']) {
      drop.addEventListener(name, event => { if (event.dataTransfer.types.includes('Files')) { event.preventDefault(); drop.classList.add('is-over'); } });
    }
    drop.addEventListener('dragleave', event => { if (!drop.contains(event.relatedTarget)) drop.classList.remove('is-over'); });
    drop.addEventListener('drop', event => { event.preventDefault(); drop.classList.remove('is-over'); choose(event.dataTransfer.files); });

    document.addEventListener('formset:removed', () => {
      for (const item of items.filter(one => !one.row.isConnected && one.state !== 'removed')) {
        if (item.request && item.state === 'sending') item.request.abort();
        if (item.token) forget([item.token]);
        item.state = 'removed';
      }
      next();
      tell();
    });
    form.addEventListener('submit', event => {
      const here = items.filter(item => item.row.isConnected && item.state !== 'done');
      if (!here.length) return;
      event.preventDefault();
      const isGoing = here.some(item => item.state !== 'failed');
      said.textContent = isGoing ? `还没有保存：还有${here.length}张照片正在上传，请等传完再点保存。` : `还没有保存：有${here.length}张照片没有传成功。请先重试或移除，再点保存。`;
      said.focus();
      said.scrollIntoView({ block: 'center' });
    });

    /* ── what was uploaded before and never saved ── */
    const offer = answer => {
      const here = new Set(rows().map(row => part(row, 'upload').value));
      const waiting = ((answer && answer.uploads) || []).filter(one => !here.has(one.token));
      if (!waiting.length) return;
      const put = make('button', { type: 'button', className: 'photo-button', textContent: '放进这里' });
      const drop = make('button', { type: 'button', className: 'photo-button', textContent: '不要了' });
      const end = () => { left.hidden = true; said.focus(); };
      put.addEventListener('click', () => {
        for (const one of waiting) done(take(null), one);
        area.dispatchEvent(new Event('photos:changed'));
        end();
      });
      drop.addEventListener('click', () => { forget(waiting.map(one => one.token)); said.textContent = `${waiting.length}张没有保存的照片已经清除。`; end(); });
      left.append(`您之前上传的${waiting.length}张照片还没有保存到任何一条记录里，一天后自动清除。`, put, drop);
      left.hidden = false;
    };

    area.hidden = false;
    if (hospital()) ask('GET', `${door}?hospital=${encodeURIComponent(hospital())}`, null, offer).go();
  };

  document.addEventListener('DOMContentLoaded', () => document.querySelectorAll('.photos-at-once').forEach(bring));
})();
