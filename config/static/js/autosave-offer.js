// What was not saved the last time is offered: to be filled into the form or given up. Nothing comes back by itself.
// Without this file a link leads to a page with the texts, to be copied.
(() => {
  const autosave = window.autosave;
  if (!autosave) return;
  const { form, box, account, name, holder, post } = autosave;
  const [at, where, differs, older, ways, page, said] = ['at', 'where', 'differs', 'older', 'ways', 'page', 'said']
    .map(each => box.querySelector(`[data-unfinished-${each}]`));
  const what = box.querySelector('.unfinished-what');
  const server = box.dataset.offer ? JSON.parse(box.dataset.offer) : null;
  const version = form.querySelector('input[type="hidden"][name="version"]');
  const button = (text, act) => {
    const made = Object.assign(document.createElement('button'), { type: 'button', textContent: text, className: 'button' });
    made.addEventListener('click', act);
    return made;
  };
  const when = text => {
    const day = new Date(text);
    return `${day.getMonth() + 1}月${day.getDate()}日 ${String(day.getHours()).padStart(2, '0')}:${String(day.getMinutes()).padStart(2, '0')}`;
  };

  const isOnServer = copy => server && server.holder === copy.holder;
  const sorted = copy => JSON.stringify(Object.entries(copy.values).sort());
  // Of one window, what is here is newer than what the server has, or the same: it went here when the server did not take it.
  const copies = window.localCopies.of(account, name).filter(copy => copy.holder !== holder);
  const arrived = copies.filter(copy => isOnServer(copy) && sorted(copy) === sorted(server));
  arrived.forEach(copy => window.localCopies.forget(account, name, copy.holder));
  const here = copies.filter(copy => !arrived.includes(copy))
    .map(copy => ({ ...copy, isHere: true, mark: isOnServer(copy) ? server.mark : '' }));
  const offers = [...here, ...server && !here.some(copy => copy.mark) ? [server] : []]
    .sort((one, other) => Date.parse(other.at) - Date.parse(one.at));
  const forget = offer => offer.isHere && window.localCopies.forget(account, name, offer.holder);
  const isNothingNew = offer => !window.formValues.isOtherForm(form, offer) && !window.formValues.differences(form, offer).length;

  const next = () => {
    while (offers.length && isNothingNew(offers[0])) { // it is in the form already, or what is stored says the same
      const offer = offers.shift();
      forget(offer);
      autosave.goOn(offer.mark);
    }
    what.hidden = ways.hidden = !offers.length;
    if (!offers.length) { older.hidden = true; box.hidden = !said.textContent; return; }
    autosave.wait();
    show(offers[0]);
  };

  const show = offer => {
    const isOther = window.formValues.isOtherForm(form, offer), found = isOther ? [] : window.formValues.differences(form, offer);
    at.textContent = when(offer.at);
    where.textContent = offer.isHere ? '，存在这台电脑上' : '';
    differs.textContent = (found.length ? `与现在不同的有：${found.slice(0, 12).join('、')}${found.length > 12 ? `等${found.length}处` : ''}。` : '')
      + (isOther ? '那是另一个类别的表单。' : '') + (offer.files ? `当时选的${offer.files}张照片要重新选择。` : '');
    older.hidden = !version || !offer.version || String(offer.version) === box.dataset.version;
    page.textContent = '查看全文';
    page.hidden = offer.isHere;
    const restore = isOther ? Object.assign(document.createElement('a'), { className: 'button', textContent: '到那张表单去恢复', href: `?${offer.query.replace(/^\?/, '')}` })
      : button('恢复', () => takeBack(offer));
    const discard = button('丢弃', () => {
      if (discard.dataset.isSure) giveUp(offer);
      else { discard.dataset.isSure = '1'; discard.textContent = '确定丢弃，以后找不回来'; }
    });
    discard.addEventListener('blur', () => { delete discard.dataset.isSure; discard.textContent = '丢弃'; });
    ways.replaceChildren(restore, discard, page);
    box.hidden = false;
  };

  const done = text => {
    offers.shift();
    said.textContent = text;
    next();
    box.tabIndex = -1;
    box.focus({ preventScroll: true });
  };
  const takeBack = offer => {
    const lost = window.formValues.restore(form, offer);
    // The text keeps the version it was typed over, so that whoever saved meanwhile is not overwritten unseen.
    if (version && offer.version) version.value = offer.version;
    autosave.holds(offer.holder);
    autosave.goOn(offer.mark);
    done('已恢复，还没有保存。请核对后点保存。' + (lost.length ? `“${lost.join('、')}”里有几行放不下，请到“查看全文”里复制。` : ''));
  };
  const giveUp = async offer => {
    const answer = offer.mark ? await post({ discard: offer.mark }).catch(() => null) : { status: 204 };
    if (answer && answer.status === 204) {
      forget(offer);
      autosave.goOn(offer.mark);
      done('已丢弃。');
    } else {
      said.textContent = answer && answer.status === 409 ? '没有丢弃：这份内容刚才又有变动，请刷新页面再决定。' : '没有丢弃：连不上服务器或登录已过期，请稍后再试。';
    }
  };

  next();
})();
