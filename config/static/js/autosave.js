// Autosave: what is typed goes to the server every few seconds and, while that cannot be reached, into this browser. It
// changes no record. Without this file the form is saved by its buttons alone.
window.autosave = (() => {
  const box = document.querySelector('[data-autosaved]');
  const own = box && box.parentElement.querySelector('input[name="_unfinished"]');
  if (!own || !window.AbortController) return null;

  const form = own.form, { autosaved: url, account, form: name } = box.dataset, holder = own.value;
  const [shown, told] = ['status', 'told'].map(each => form.querySelector(`[data-autosave-${each}]`));
  const PAUSE = 3000, LONGEST_PAUSE = 12000, PATIENCE = 15000;
  const BACKOFF = [5000, 10000, 30000, 60000];
  let held = null; // what the server holds, as text; what was rendered, if nothing was typed yet
  let seen = box.dataset.seen, stopped = '', trouble = '', tooBig = '', failures = 0;
  let running = null, timer = 0, waitingSince = 0, sent = false, insists = false, isLeaving = false;
  const taken = [holder]; // the windows whose text is in this form

  const read = () => window.formValues.read(form);
  const textOf = typed => JSON.stringify(typed);
  const isHeld = () => { const typed = read(); return textOf(typed) === held && !typed.files; };

  /* ── what is said ── */
  const clock = () => { const now = new Date(); return `${String(now.getHours()).padStart(2, '0')}:${String(now.getMinutes()).padStart(2, '0')}`; };
  const wait = milliseconds => new Promise(done => { setTimeout(done, milliseconds); });
  const link = (text, href) => Object.assign(document.createElement('a'), { textContent: text, href, target: '_blank', rel: 'noopener' });
  const button = (text, act) => {
    const made = Object.assign(document.createElement('button'), { type: 'button', textContent: text, className: 'autosave-act' });
    made.addEventListener('click', act);
    return made;
  };
  const HERE = '已先存在这台电脑上', NOWHERE = '也没能存在这台电脑上，请先不要关闭这一页，把要紧的文字复制出来';
  const WORDS = {
    saved: () => [`已自动保存 ${clock()}，还没有存入记录`],
    offline: kept => [`连不上服务器，${kept ? `${HERE}，恢复后会自动保存` : NOWHERE}`],
    expired: kept => ['登录已过期：请在', link('新窗口', box.dataset.login), '重新登录，回到这一页再保存；', kept ? '内容已存在这台电脑上' : NOWHERE],
    account: kept => ['现在登录的是别的账号，这里写的没有自动保存：请用原来的账号重新登录，回到这一页再保存；', kept ? `内容${HERE}` : NOWHERE],
    big: kept => ['内容太多，自动保存放不下：请点保存；', kept ? HERE : NOWHERE],
    undecided: kept => ['上面有以前没保存的内容，请先选“恢复”或“丢弃”；这里写的', kept ? HERE : NOWHERE],
    elsewhere: kept => ['您在别的窗口也写了这张表单，两边只能自动保存一份；这里写的', kept ? `${HERE} ` : `${NOWHERE} `, link('看那边写的', url), ' ', button('以这个窗口为准', takeOver)],
    closed: (kept, why) => [`${why}您写的已另外存好，`, link('可以查看和复制', url)],
    gone: kept => ['这条记录已经不在了，或不属于您所在的医院：请复制需要的文字；这里写的', kept ? HERE : NOWHERE],
    denied: kept => ['您现在没有修改的权限，没有自动保存；这里写的', kept ? HERE : NOWHERE],
  };
  const say = (kind, ...what) => {
    shown.replaceChildren(...WORDS[kind](...what));
    shown.dataset.kind = kind;
    // Read out when something is new, not each time it was saved once more.
    if (told.dataset.kind !== kind) told.textContent = kind === 'saved' ? '已自动保存' : shown.textContent;
    told.dataset.kind = kind;
  };
  const whole = typed => ({ ...typed, version: Number((form.elements.version || {}).value) || 0, query: location.search });
  const keepHere = typed => window.localCopies.keep(account, name, { ...whole(typed), holder, at: new Date().toISOString() });

  /* ── to the server ── */
  const cookie = () => (document.cookie.split('; ').find(each => each.startsWith('csrftoken=')) || '').slice(10);
  const tokens = () => [...document.querySelectorAll('input[name=csrfmiddlewaretoken]')];
  const post = (what, options) => fetch(url, {
    method: 'POST', redirect: 'manual', // to the login page: that is no success
    headers: { 'Content-Type': 'application/json', 'X-CSRFToken': cookie() || tokens()[0].value },
    body: JSON.stringify({ account, holder, seen, ...what }), ...options,
  });
  const troubleIn = async answer => {
    if (!answer || answer.status >= 500) return ['offline'];
    if (answer.type === 'opaqueredirect' || (answer.status === 403 && !cookie())) return ['expired'];
    if (answer.status === 204) return [''];
    if (answer.status === 409) {
      const { reason, mark, said } = await answer.json();
      if (reason === 'elsewhere') seen = mark;
      return [reason, said];
    }
    return [{ 403: 'denied', 404: 'gone', 413: 'big' }[answer.status] || 'offline'];
  };
  const settle = async (answer, typed) => {
    const [kind, why] = await troubleIn(answer).catch(() => ['offline']);
    trouble = kind;
    tooBig = kind === 'big' ? textOf(typed) : ''; // not sent again until something else is typed
    if (['elsewhere', 'gone', 'denied'].includes(kind)) stopped = kind;
    failures = kind === 'offline' ? failures + 1 : 0;
    if (!kind || kind === 'closed') {
      held = textOf(typed);
      taken.forEach(each => window.localCopies.forget(account, name, each));
      // Whoever has signed in again has a new one; it is theirs, the server has compared the accounts.
      if (cookie()) tokens().forEach(field => { field.value = cookie(); });
      say(kind || 'saved', true, why);
    } else {
      say(kind, keepHere(typed));
    }
    insists = insists && Boolean(kind);
    if (kind === 'offline') schedule(BACKOFF[Math.min(failures, BACKOFF.length) - 1]);
    else if (!kind && !isHeld()) changed();
  };
  const send = async () => {
    clearTimeout(timer);
    waitingSince = 0;
    const typed = read();
    if (running || sent || isLeaving || [held, tooBig].includes(textOf(typed))) return;
    if (stopped) { say(stopped, keepHere(typed)); return; }
    const size = new Blob([textOf(typed)]).size;
    if (size > box.dataset.most) { await settle({ status: 413 }, typed); return; } // a server may hang up on it unread
    const patience = new AbortController(), end = setTimeout(() => patience.abort(), PATIENCE);
    running = post(whole(typed), { signal: patience.signal }).catch(() => null).then(answer => settle(answer, typed));
    await running;
    clearTimeout(end);
    running = null;
  };
  const schedule = pause => {
    clearTimeout(timer);
    timer = setTimeout(send, pause);
  };
  const changed = () => {
    waitingSince = waitingSince || Date.now();
    schedule(Math.max(0, Math.min(PAUSE, waitingSince + LONGEST_PAUSE - Date.now())));
  };
  function takeOver() { stopped = ''; send(); }

  /* ── when ── */
  for (const kind of ['input', 'change']) form.addEventListener(kind, changed);
  if (window.django) window.django.jQuery(form).on('change', changed); // choices that are searched for tell nobody else
  for (const kind of ['formset:added', 'formset:removed']) document.addEventListener(kind, changed);
  const again = () => { if (document.visibilityState === 'visible' && ['offline', 'expired', 'account'].includes(trouble)) send(); };
  for (const kind of ['focus', 'online']) window.addEventListener(kind, again);
  document.addEventListener('visibilitychange', () => (document.visibilityState === 'visible' ? again() : send()));

  /* ── leaving ── */
  document.addEventListener('form:leave', event => event.preventDefault()); // static/js/admin.js need not ask
  window.addEventListener('beforeunload', event => { if (!sent && !isHeld()) event.preventDefault(); });
  // Kept here rather than sent: the page that comes next may be this form again, and be made before the text arrives.
  window.addEventListener('pagehide', () => {
    isLeaving = true;
    const typed = read(), isLost = !sent && textOf(typed) !== held && !keepHere(typed);
    if (isLost) post(whole(typed), { keepalive: true }).catch(() => null);
  });
  const inTime = async () => {
    for (let round = 0; round < 2 && (running || !isHeld()); round += 1) await Promise.race([running || send(), wait(PAUSE)]);
  };
  // A request on its way would come after the form and leave as unfinished what is saved by then.
  const isInTrouble = () => ['offline', 'expired', 'account'].includes(trouble);
  form.addEventListener('submit', event => {
    if (event.defaultPrevented || sent) return;
    const submitter = event.submitter;
    if (!submitter || !(running || isInTrouble()) || insists) { if (!isHeld()) keepHere(read()); return; }
    event.preventDefault();
    inTime().then(() => {
      insists = true; // pressed again it goes, whatever we think of the connection
      if (!isInTrouble()) submitter.click();
      else shown.scrollIntoView({ block: 'nearest' });
    });
  });
  window.addEventListener('submit', event => {
    if (event.target !== form || event.defaultPrevented) return;
    sent = true;
    setTimeout(() => { sent = false; changed(); }, 30000); // no answer came
  });
  document.addEventListener('click', event => {
    const way = event.target.closest('.object-tools a[href], .submit-row a[href]');
    if (!way || way.target || event.button || event.ctrlKey || event.metaKey || event.shiftKey || isHeld() || stopped) return;
    event.preventDefault();
    inTime().then(() => { location.href = way.href; });
  });

  /* ── from the beginning ── */
  if (box.dataset.shownAgain === undefined && window.formValues.isAsRendered(form)) held = textOf(read());
  else changed();
  window.addEventListener('pageshow', event => {
    if (event.persisted) sent = isLeaving = false;
    if (!isHeld()) changed(); // a browser that goes back brings the text back
  });

  return {
    form, box, account, name, holder, post,
    // While an offer is open, what is typed beside it must not take its place.
    wait: () => { stopped = 'undecided'; },
    // ``mark`` names the state on the server that is given up or is in the form by now.
    goOn: mark => { stopped = ''; if (mark) seen = mark; if (!isHeld()) send(); },
    holds: other => {
      taken.push(other);
      own.after(Object.assign(document.createElement('input'), { type: 'hidden', name: '_unfinished', value: other }));
    },
  };
})();
