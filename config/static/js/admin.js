// 红帆后台: comfort for the forms. Everything can also be filled in, saved and published without this file.
// Loaded in the head, before the text editor's modules.
(() => {
  const each = (root, selector, act) => root.querySelectorAll(selector).forEach(act);
  const say = text => (window.gettext || (word => word))(text);

  // The editor adds a <style> unless it finds one, and our security policy refuses it. Its rules are in admin.css.
  const found = document.createElementNS('urn:hongfan', 'style');
  found.setAttribute('data-tiptap-style', '');
  document.documentElement.append(found);

  // Offices still run Windows 7, where Chromium ends at 109: the editor's menu needs this from 110.
  if (!Array.prototype.toSorted) Object.defineProperty(Array.prototype, 'toSorted', {
    value(compare) { return [...this].sort(compare); },
  });

  /* ── the text editor: Chinese buttons (what it does with the clipboard and with photos: editor-*.js) ── */
  const inChinese = root => {
    each(root, '.prose-menubar button[title]', button => {
      button.title = say(button.title);
      button.setAttribute('aria-label', button.title);
    });
    // A dialog compares its choices by their English text: keep it as value, show the Chinese.
    each(root, '.prose-editor-dialog option:not([value])', option => {
      option.value = option.textContent;
      option.textContent = say(option.textContent);
    });
  };
  document.addEventListener('prose-editor:ready', event => {
    const { editor, textarea } = event.detail, frame = textarea.parentElement;
    const label = document.querySelector(`label[for="${textarea.id}"]`);
    editor.view.dom.setAttribute('aria-label', label ? label.textContent.trim() : '');
    // The menu comes after this event, the dialogs when they are asked for.
    new MutationObserver(() => inChinese(frame)).observe(frame, { childList: true, subtree: true });
    inChinese(frame);
  });

  /* ── figures: what was understood, while it is typed ── */
  const waiting = new WeakMap();
  const understand = input => {
    const address = document.querySelector('meta[name="understand"]');
    const echo = input.parentElement.querySelector('.echo');
    if (!address || !echo) return;
    const query = new URLSearchParams({ text: input.value, unit: input.dataset.understand, whole: input.dataset.whole || '' });
    fetch(`${address.content}?${query}`).then(answer => answer.ok ? answer.json() : null).then(answer => {
      if (!answer || query.get('text') !== input.value) return;
      echo.textContent = answer.error || [answer.echo, answer.warning].filter(Boolean).join('');
      echo.classList.toggle('is-error', Boolean(answer.error));
      each(input.parentElement, '.errorlist, .warning', old => old.remove());
    }, () => { /* no connection: the server says it after saving */ });
  };
  document.addEventListener('input', event => {
    if (event.target.dataset.understand === undefined) return;
    clearTimeout(waiting.get(event.target));
    waiting.set(event.target, setTimeout(understand, 300, event.target));
  });

  /* ── choices that are searched for: select2 leaves its boxes without the field's name ── */
  const nameChoices = () => each(document, 'select.admin-autocomplete', select => {
    const label = document.querySelector(`label[for="${select.id}"]`), box = select.nextElementSibling;
    if (!label || !box || !box.matches('.select2')) return;
    label.id = label.id || `${select.id}_label`;
    each(box, '[role="combobox"], [role="textbox"], .select2-search__field', field => {
      const rest = (field.getAttribute('aria-labelledby') || '').replace(label.id, '').trim();
      field.setAttribute('aria-labelledby', `${label.id} ${rest}`.trim());
    });
  });
  // Queued behind Django's own call, which makes the boxes.
  document.addEventListener('DOMContentLoaded', () => window.django && window.django.jQuery && window.django.jQuery(nameChoices));
  document.addEventListener('formset:added', () => setTimeout(nameChoices));

  /* ── forms: no second press, no lost text ── */
  let touched = false, sent = false;
  document.addEventListener('input', event => { touched = touched || Boolean(event.target.closest('.change-form #content form')); });
  document.addEventListener('submit', event => {
    if (event.defaultPrevented || event.target.method !== 'post') return;
    if (sent) event.preventDefault(); // pressed twice: one record, not two; the server sees to it as well
    sent = true;
    setTimeout(() => { sent = false; }, 30000); // no answer came, or the wait was broken off: it may be pressed again
  });
  window.addEventListener('pageshow', event => { if (event.persisted) sent = false; });
  // Going back brings typed text back into a form that by now is filled from a newer version. The text keeps the version
  // it was typed over, so that whoever saved meanwhile is not overwritten unseen.
  const isTyped = field => {
    const choices = [...field.options || []];
    if (field.multiple) return choices.some(choice => choice.selected !== choice.defaultSelected);
    if (field.options) return field.selectedIndex !== Math.max(0, choices.findIndex(choice => choice.defaultSelected));
    return field.type === 'checkbox' ? field.checked !== field.defaultChecked : field.value !== field.defaultValue;
  };
  window.addEventListener('pageshow', event => {
    const seen = document.querySelector('.change-form input[type="hidden"][name="version"]');
    if (!seen || event.persisted) return;
    const before = history.state && history.state.version;
    if (before && [...seen.form.querySelectorAll('input, select, textarea')].some(isTyped)) seen.value = before;
    history.replaceState({ ...history.state, version: seen.value }, '');
  });
  // Where the form is saved by itself, whatever sees to that knows better (static/js/autosave.js).
  const asksItself = () => !document.dispatchEvent(new Event('form:leave', { cancelable: true }));
  window.addEventListener('beforeunload', event => { if (touched && !sent && !asksItself()) event.preventDefault(); });

  document.addEventListener('DOMContentLoaded', () => {
    // On narrow screens the filters of a list are closed until they are wanted.
    if (matchMedia('(max-width: 44rem)').matches) each(document, '#changelist-filter details', filter => { filter.open = false; });

    // What somebody else saved meanwhile is read before any error; and what was typed is still unsaved.
    const conflict = document.querySelector('.conflict');
    touched = touched || Boolean(conflict);
    const wrong = conflict ? null : document.querySelector('.errorlist');
    const field = wrong && (wrong.closest('td, .form-row, .figure-row, fieldset') || document).querySelector('input:not([type=hidden]), select, textarea');
    if (field) show(field);
    else if (wrong) wrong.scrollIntoView({ block: 'center' });
    if (!wrong && !conflict) reach();
  });

  /* ── what an experienced colleague would say of the form as it stands, before it is saved ── */
  document.addEventListener('DOMContentLoaded', () => {
    const button = document.querySelector('[data-typed-checks]'), found = document.querySelector('[data-typed-checks-found]');
    if (!button) return;
    button.hidden = false;
    button.addEventListener('click', async () => {
      const sent = new FormData(button.form);
      each(button.form, 'input[type=file]', file => sent.delete(file.name));
      button.disabled = true;
      const answer = await fetch(button.dataset.typedChecks, { method: 'POST', body: sent }).catch(() => null);
      button.disabled = false;
      found.hidden = false;
      if (answer && answer.ok && !answer.redirected) found.innerHTML = await answer.text(); // a page of our own, escaped there
      else found.textContent = '没有检查成：连不上服务器或登录已过期。写的内容还在，请稍后再试。';
      found.tabIndex = -1;
      found.focus({ preventScroll: true });
      found.scrollIntoView({ block: 'center' });
    });
  });

  /* ── to the very field that something is said of: #id_title, #id_photos-2-caption ── */
  const CONTROLS = 'input:not([type=hidden]), select, textarea';
  const show = field => {
    for (let box = field.closest('details'); box; box = box.parentElement.closest('details')) box.open = true;
    const frame = field.closest('.prose-editor, .related-widget-wrapper, .flex-container') || field.parentElement;
    const stand = field.matches('.select2-hidden-accessible') ? field.nextElementSibling.querySelector('.select2-search__field, .select2-selection')
      : field.closest('.prose-editor') ? field.closest('.prose-editor').querySelector('.ProseMirror') : field;
    (stand || field).focus({ preventScroll: true });
    (field.closest('.figure-row, tr, .fieldBox, .form-row') || field).scrollIntoView({ block: 'center' });
  };
  const reach = () => {
    const id = decodeURIComponent(location.hash.slice(1)), change = document.querySelector('.change-form #content form');
    if (!id.startsWith('id_') || !change) return;
    const row = id.replace(/-[^-]*$/, '-'), named = document.getElementById(id);
    // A row that has no such field, or is not there yet: its first field, or the way to a new one.
    const found = named || document.querySelector(`[id^="${CSS.escape(row)}"]:is(${CONTROLS})`);
    const field = found && (found.matches(CONTROLS) ? found : found.querySelector(CONTROLS));
    if (field) show(field);
  };
  window.addEventListener('hashchange', reach);
  document.addEventListener('click', event => { if (event.target.closest('a[href^="#id_"]')) setTimeout(reach); });
  // The editor and the boxes to search in take the place of their fields after the page is there.
  window.addEventListener('load', () => setTimeout(reach));
  document.addEventListener('prose-editor:ready', event => { if (location.hash === `#${event.detail.textarea.id}`) setTimeout(reach); });
})();
