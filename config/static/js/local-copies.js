// What autosave could not send is kept in this browser: for the account that typed it, for seven days at most. Without
// this file nothing is kept here.
window.localCopies = (() => {
  const PREFIX = 'hongfan.unfinished.', KEPT_FOR = 7 * 24 * 60 * 60 * 1000;
  const store = (() => { try { return window.localStorage; } catch { return null; } })(); // a browser may forbid it
  const keys = start => (store ? Object.keys(store).filter(key => key.startsWith(PREFIX + start)) : []);
  const remove = key => store.removeItem(key);

  // account.form.holder: offices share computers, and one form may be open in several windows.
  const key = (account, form, holder) => `${PREFIX}${account}.${form}.${holder}`;
  const isText = text => typeof text === 'string';
  const isMap = (found, isGood) => Boolean(found) && typeof found === 'object' && Object.values(found).every(isGood);
  const isGood = copy => isMap(copy, () => true) && Number.isFinite(Date.parse(copy.at)) && isText(copy.holder)
    && isMap(copy.values, each => Array.isArray(each) && each.every(isText))
    && isMap(copy.labels, each => isMap(each, isText));
  const read = name => {
    try {
      const copy = JSON.parse(store.getItem(name));
      return isGood(copy) && Date.now() - Date.parse(copy.at) < KEPT_FOR ? copy : null;
    } catch { return null; }
  };

  let isLoggingOut = false;
  const copies = {
    keep(account, form, copy) {
      if (isLoggingOut) return false; // the page that is left would bring it back
      try { store.setItem(key(account, form, copy.holder), JSON.stringify(copy)); return true; } catch { return false; }
    },
    of: (account, form) => keys(`${account}.${form}.`).map(read).filter(Boolean),
    forget: (account, form, holder) => store && remove(key(account, form, holder)),
  };

  keys('').filter(name => !read(name)).forEach(remove);

  // The forms that were saved on the page before (publishing/admin_unfinished.py).
  const saved = document.cookie.split('; ').find(each => each.startsWith('saved_forms='));
  if (saved) {
    const holders = saved.split('=')[1].split('.');
    keys('').filter(name => holders.includes(name.split('.').pop())).forEach(remove);
    document.cookie = 'saved_forms=; path=/admin/; max-age=0; samesite=lax';
  }
  document.addEventListener('submit', event => {
    if (event.target.id !== 'logout-form') return;
    keys(`${event.target.dataset.account}.`).forEach(remove);
    isLoggingOut = true;
    setTimeout(() => { isLoggingOut = false; }, 30000); // no answer came, or the person stayed
  });
  return copies;
})();
