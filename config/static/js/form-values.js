// A form's fields as they were typed: read, compared with what was kept, and filled in again. What was kept only ever
// becomes the value of a field, or goes through the text editor's own parser.
window.formValues = (() => {
  const OF_THE_PAGE = /^(_|csrfmiddlewaretoken$|once$|version$)|__prefix__|-(TOTAL|INITIAL|MIN_NUM|MAX_NUM)_FORMS$/;
  const ROW = /^(.+?)-(\d+)-([A-Za-z_]\w*)$/;

  const editors = new WeakMap();
  document.addEventListener('prose-editor:ready', event => editors.set(event.detail.textarea, event.detail.editor));

  const isTicked = field => field.type === 'checkbox' || field.type === 'radio';
  const isKept = field => field.name && !field.disabled && field.type !== 'password' && field.type !== 'file'
    && !field.matches('button, [type=submit], [type=button]');
  const fieldsOf = form => [...form.elements].filter(isKept);
  const lines = text => text.replace(/\r\n?/g, '\n');
  const valuesOf = fields => fields.flatMap(field => {
    if (isTicked(field)) return field.checked ? [field.value] : [];
    if (field.options) return [...field.options].filter(option => option.selected).map(option => option.value);
    return [lines(field.value)];
  });
  const named = fields => {
    const found = new Map();
    for (const field of fields) found.set(field.name, [...found.get(field.name) || [], field]);
    return found;
  };
  const isSame = (one, other) => one.length === other.length && one.every((value, place) => value === other[place]);

  /* ── read ── */
  const read = form => {
    const values = {}, labels = {};
    for (const [name, fields] of named(fieldsOf(form))) {
      if (OF_THE_PAGE.test(name) && !/_FORMS$/.test(name)) continue;
      const found = valuesOf(fields);
      if (!found.length) continue; // as a browser sends it
      values[name] = found;
      const select = fields[0];
      if (select.matches('.admin-autocomplete')) {
        labels[name] = Object.fromEntries([...select.selectedOptions].map(option => [option.value, option.text]));
      }
    }
    const files = [...form.elements].filter(field => field.type === 'file' && field.files.length).length;
    return { values, labels, files };
  };
  const isTouched = field => {
    if (isTicked(field)) return field.checked !== field.defaultChecked;
    const options = [...field.options || []];
    if (field.multiple) return options.some(option => option.selected !== option.defaultSelected);
    if (field.options) return field.selectedIndex !== Math.max(0, options.findIndex(option => option.defaultSelected));
    return lines(field.value) !== lines(field.defaultValue);
  };
  const isAsRendered = form => !fieldsOf(form).some(field => !OF_THE_PAGE.test(field.name) && isTouched(field));

  /* ── where each kept value belongs now: rows are told by their keys, new ones by what they are for and their order ── */
  const rowsOf = entries => {
    const rows = new Map();
    for (const [name, value] of entries) {
      const [, prefix, place, field] = ROW.exec(name) || [];
      if (!prefix || name.includes('__prefix__')) continue;
      const row = `${prefix}-${place}`;
      rows.set(row, (rows.get(row) || { prefix, place: Number(place), fields: new Map() }));
      rows.get(row).fields.set(field, value);
    }
    return [...rows.values()].sort((one, other) => one.place - other.place);
  };
  const keyOf = values => (values && values[0]) || '';
  const hiddenIn = row => [...row.fields].filter(([name, fields]) => name !== 'id' && fields[0].type === 'hidden');
  const isFor = (row, kept) => hiddenIn(row).every(([name, fields]) => isSame(valuesOf(fields), kept.fields.get(name) || []));
  // Nothing was typed in it that an empty row would not say as well.
  const isBlank = (form, { prefix, fields }) => [...fields].every(([name, values]) => {
    const empty = form.elements[`${prefix}-__prefix__-${name}`];
    const like = empty || form.querySelector(`[name^="${prefix}-"][name$="-${name}"]`);
    const isUsual = like && (like.type === 'hidden' || (empty && isSame(valuesOf([empty]), values)));
    return name === 'id' || name === 'position' || !values.some(Boolean) || isUsual;
  });
  const headingOf = prefix => {
    const heading = document.getElementById(`${prefix}-heading`);
    return heading ? heading.textContent.trim() : prefix;
  };
  const labelOf = field => {
    const label = document.querySelector(`label[for="${CSS.escape(field.id)}"]`);
    return label ? label.textContent.trim().replace(/[:：]$/, '') : field.name;
  };
  const adderOf = prefix => document.querySelector(`#${CSS.escape(prefix)}-group .add-row a`);

  // { changes: [{ fields, values, labels, label }], added: [{ prefix, kept, label }], lost: labels }
  const plan = (form, kept) => {
    const now = named(fieldsOf(form)), changes = [], added = [], lost = [];
    const change = (fields, name, values = [], label) => {
      const isPlain = !isTicked(fields[0]) && !fields[0].multiple;
      if (fields[0].type === 'hidden' || (isPlain && !values.length) || isSame(valuesOf(fields), values)) return;
      changes.push({ fields, values, labels: kept.labels[name] || {}, label: label || labelOf(fields[0]) });
    };
    for (const [name, fields] of now) {
      if (!OF_THE_PAGE.test(name) && !ROW.test(name)) change(fields, name, kept.values[name]);
    }
    const free = rowsOf(now), keyIn = row => keyOf(valuesOf(row.fields.get('id') || []));
    const stored = new Map(free.map(row => [`${row.prefix} ${keyIn(row)}`, row]));
    for (const row of rowsOf(Object.entries(kept.values))) {
      const key = keyOf(row.fields.get('id')), heading = headingOf(row.prefix);
      const isNew = one => one.prefix === row.prefix && !keyIn(one) && isFor(one, row);
      const place = (key && stored.get(`${row.prefix} ${key}`)) || free.find(isNew);
      if (place) {
        free.splice(free.indexOf(place), 1);
        for (const [name, fields] of place.fields) change(fields, `${row.prefix}-${row.place}-${name}`, row.fields.get(name), heading);
      } else if (!isBlank(form, row)) {
        if (adderOf(row.prefix)) added.push({ row, label: heading });
        else lost.push(heading);
      }
    }
    return { changes, added, lost };
  };
  const differences = (form, kept) => {
    const { changes, added, lost } = plan(form, kept);
    return [...new Set([...changes, ...added].map(each => each.label).concat(lost))];
  };

  /* ── fill in ── */
  const tell = field => {
    for (const name of ['input', 'change']) field.dispatchEvent(new Event(name, { bubbles: true }));
    if (field.matches('.admin-autocomplete') && window.django) window.django.jQuery(field).trigger('change.select2');
  };
  const fill = ({ fields, values, labels }) => fields.forEach((field, place) => {
    if (isTicked(field)) field.checked = values.includes(field.value);
    else if (field.options) {
      const offered = new Set([...field.options].map(option => option.value));
      for (const value of values) if (!offered.has(value) && labels[value]) field.add(new Option(labels[value], value));
      for (const option of field.options) option.selected = values.includes(option.value);
    } else if (editors.has(field)) editors.get(field).commands.setContent(values[0] || '');
    else field.value = values[place] || values[0] || '';
    tell(field);
  });
  // Returns the headings of rows for which the form has no place.
  const restore = (form, kept) => {
    const { changes, added, lost } = plan(form, kept);
    changes.forEach(fill);
    for (const { row } of added) {
      const place = Number(form.elements[`${row.prefix}-TOTAL_FORMS`].value);
      adderOf(row.prefix).click();
      const now = named(fieldsOf(form));
      for (const [name, values] of row.fields) {
        const fields = now.get(`${row.prefix}-${place}-${name}`);
        if (!fields || fields[0].type === 'hidden') continue;
        fill({ fields, values, labels: kept.labels[`${row.prefix}-${row.place}-${name}`] || {} });
      }
    }
    return [...new Set(lost)];
  };
  // A hidden choice that was made on the page before: the kind of an activity.
  const isOtherForm = (form, kept) => [...named(fieldsOf(form))].some(([name, fields]) => fields[0].type === 'hidden'
    && !OF_THE_PAGE.test(name) && !ROW.test(name) && !isSame(valuesOf(fields), kept.values[name] || []));

  return { read, isAsRendered, differences, restore, isOtherForm };
})();
