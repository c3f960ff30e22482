/* One frame taken apart: its fields as a tree, its bytes beside it, each showing the other.
 *
 *   const detail = createDetail(names, (name, turn) => …);   the reader picked a field
 *   detail.show(bytes, fields, packet);                       fields: [[number, value, at, size], …]
 *   detail.pick('tcp.seq', 0);                                as if the reader had
 */
const BYTES_AT_A_TIME = 2048;

function element(tag, classes, text) {
  const made = document.createElement(tag);
  if (classes) made.className = classes;
  if (text !== undefined) made.textContent = text;
  return made;
}

function createDetail(names, picked) {
  const tree = document.getElementById('tree');
  const hex = document.getElementById('hex');
  const said = document.getElementById('byte-text');
  const pages = document.getElementById('byte-pages');
  const [back, on] = [document.getElementById('bytes-back'), document.getElementById('bytes-on')];
  let bytes = new Uint8Array(), fields = [], owner = [], page = 0, cursor = -1, chosen = null;

  // Which field explains a byte? The smallest one; of equals the later, which is the more special.
  function findOwners() {
    owner = new Array(bytes.length).fill(null);
    for (const field of fields) {
      for (let i = field.at; i >= 0 && i < field.at + field.size && i < bytes.length; ++i) {
        if (!owner[i] || owner[i].size >= field.size) owner[i] = field;
      }
    }
  }

  function read(list) {
    const turns = new Map();
    return list.map(([number, value, at, size]) => {
      const [name, sentence, layer] = names[number];
      const turn = turns.get(name) || 0;
      turns.set(name, turn + 1);
      return { name, sentence, layer: layer === 1, value, at, size, turn, item: null };
    });
  }

  // A field lies under its layer, and under the field whose name its own begins with.
  function drawTree() {
    tree.replaceChildren();
    const open = [];  // from the layer inwards
    for (const field of fields) {
      while (open.length && (field.layer || (!open.at(-1).layer && !field.name.startsWith(open.at(-1).name + '.')))) open.pop();
      const item = element('div', field.layer ? 'layer' : '');
      item.setAttribute('role', 'treeitem');
      item.setAttribute('aria-selected', 'false');
      item.setAttribute('aria-level', String(open.length + 1));
      item.tabIndex = -1;
      const row = element('div', 'row');
      row.append(element('span', 'name', field.name));
      if (!field.layer) row.append(element('span', 'value', field.value));
      row.append(element('span', 'says', field.sentence));
      item.append(row);
      item.field = field;
      field.item = item;
      const parent = open.at(-1);
      if (!parent) {
        tree.append(item);
      } else {
        if (!parent.group) {
          parent.group = element('div');
          parent.group.setAttribute('role', 'group');
          parent.item.setAttribute('aria-expanded', 'true');
          parent.item.append(parent.group);
        }
        parent.group.append(item);
      }
      open.push(field);
    }
    const first = tree.querySelector('[role=treeitem]');
    if (first) first.tabIndex = 0;
  }

  function drawBytes() {
    const from = page * BYTES_AT_A_TIME, to = Math.min(bytes.length, from + BYTES_AT_A_TIME);
    const lines = document.createDocumentFragment();
    for (let line = from; line < to; line += 16) {
      lines.append(element('span', 'at', line.toString(16).padStart(4, '0') + '  '));
      for (let i = line; i < line + 16; ++i) {
        if (i < to) {
          const byte = element('span', '', bytes[i].toString(16).padStart(2, '0'));
          byte.dataset.b = String(i);
          lines.append(byte);
        } else {
          lines.append('  ');
        }
        lines.append(i % 8 === 7 ? '  ' : ' ');
      }
      for (let i = line; i < line + 16 && i < to; ++i) {
        const printable = bytes[i] > 0x1f && bytes[i] < 0x7f;
        const letter = element('span', '', printable ? String.fromCharCode(bytes[i]) : '·');
        letter.dataset.b = String(i);
        lines.append(letter);
      }
      lines.append('\n');
    }
    hex.replaceChildren(lines);
    pages.hidden = bytes.length <= BYTES_AT_A_TIME;
    back.disabled = page === 0;
    on.disabled = to === bytes.length;
    mark('picked', chosen);
  }

  function describe(field, at) {
    if (!field) return at === undefined ? '' : `byte ${at}: no field says what it is`;
    const where = field.at < 0 ? 'not in the frame: worked out' : field.size === 1 ? `byte ${field.at}` : `bytes ${field.at}–${field.at + field.size - 1}`;
    return `${field.name}${field.layer ? '' : ' ' + field.value} — ${field.sentence} (${where})`;
  }

  function mark(kind, field) {
    for (const old of document.querySelectorAll(`#tree .${kind}, #hex .${kind}`)) old.classList.remove(kind);
    if (!field) return;
    field.item.firstChild.classList.add(kind);
    if (field.at < 0) return;
    for (const byte of hex.querySelectorAll('[data-b]')) {
      const i = Number(byte.dataset.b);
      if (i >= field.at && i < field.at + field.size) byte.classList.add(kind);
    }
  }

  function light(field, at) {
    mark('lit', field);
    said.textContent = describe(field || chosen, field ? undefined : at) || 'Point at a field or a byte.';
  }

  function showByte(i) {
    const wanted = Math.floor(i / BYTES_AT_A_TIME);
    if (wanted === page) return;
    page = wanted;
    drawBytes();
  }

  function choose(field, tell = true) {
    if (chosen) chosen.item.setAttribute('aria-selected', 'false');
    chosen = field;
    if (field) {
      field.item.setAttribute('aria-selected', 'true');
      for (let up = field.item.parentElement; up !== tree; up = up.parentElement) {
        if (up.getAttribute('aria-expanded') === 'false') up.setAttribute('aria-expanded', 'true');
      }
      for (const other of tree.querySelectorAll('[role=treeitem][tabindex="0"]')) other.tabIndex = -1;
      field.item.tabIndex = 0;
      if (field.at >= 0) showByte(field.at);
      field.item.firstChild.scrollIntoView({ block: 'nearest', behavior: 'instant' });
    }
    mark('picked', field);
    light(null);
    if (tell && field) picked(field.name, field.turn);
  }

  function move(to) {
    if (to < 0 || to >= bytes.length) return;
    cursor = to;
    showByte(to);
    for (const old of hex.querySelectorAll('.cursor')) old.classList.remove('cursor');
    const byte = hex.querySelector(`[data-b="${to}"]`);
    byte.classList.add('cursor');
    byte.scrollIntoView({ block: 'nearest', behavior: 'instant' });
    light(owner[to], to);
  }

  const visible = () => [...tree.querySelectorAll('[role=treeitem]')].filter((one) => !one.parentElement.closest('[aria-expanded=false]'));

  tree.addEventListener('click', (event) => {
    const item = event.target.closest('[role=treeitem]');
    if (!item) return;
    if (item.field === chosen && item.hasAttribute('aria-expanded')) item.setAttribute('aria-expanded', String(item.getAttribute('aria-expanded') === 'false'));
    choose(item.field);
    item.focus({ preventScroll: true });
  });
  tree.addEventListener('mouseover', (event) => {
    const item = event.target.closest('[role=treeitem]');
    light(item ? item.field : null);
  });
  tree.addEventListener('mouseleave', () => light(null));
  tree.addEventListener('focusin', (event) => {
    if (event.target.field && event.target.field !== chosen) choose(event.target.field);
  });
  tree.addEventListener('keydown', (event) => {
    const item = event.target.closest('[role=treeitem]');
    if (!item) return;
    const items = visible(), at = items.indexOf(item), expanded = item.getAttribute('aria-expanded');
    let next = null;
    if (event.key === 'ArrowDown') next = items[at + 1];
    else if (event.key === 'ArrowUp') next = items[at - 1];
    else if (event.key === 'Home') next = items[0];
    else if (event.key === 'End') next = items.at(-1);
    else if (event.key === 'ArrowRight' && expanded === 'false') item.setAttribute('aria-expanded', 'true');
    else if (event.key === 'ArrowRight' && expanded === 'true') next = items[at + 1];
    else if (event.key === 'ArrowLeft' && expanded === 'true') item.setAttribute('aria-expanded', 'false');
    else if (event.key === 'ArrowLeft') next = item.parentElement.closest('[role=treeitem]');
    else if (event.key === 'Enter') choose(item.field);
    else return;
    event.preventDefault();
    event.stopPropagation();
    if (next) next.focus({ preventScroll: true });
  });

  const byteAt = (event) => event.target.dataset && event.target.dataset.b;
  hex.addEventListener('mouseover', (event) => {
    const at = byteAt(event);
    if (at !== undefined) light(owner[Number(at)], Number(at));
  });
  hex.addEventListener('mouseleave', () => light(null));
  hex.addEventListener('click', (event) => {
    const at = byteAt(event);
    if (at === undefined) return;
    move(Number(at));
    choose(owner[Number(at)]);
  });
  hex.addEventListener('keydown', (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: 16, ArrowUp: -16 }[event.key];
    if (step) move(cursor < 0 ? (chosen && chosen.at >= 0 ? chosen.at : 0) : cursor + step);
    else if (event.key === 'Home') move(0);
    else if (event.key === 'End') move(bytes.length - 1);
    else if (event.key === 'Enter' && cursor >= 0) choose(owner[cursor]);
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  back.addEventListener('click', () => { --page; drawBytes(); });
  on.addEventListener('click', () => { ++page; drawBytes(); });

  return {
    show(itsBytes, itsFields) {
      [bytes, fields, page, cursor, chosen] = [itsBytes, read(itsFields), 0, -1, null];
      findOwners();
      drawTree();
      drawBytes();
      light(null);
    },
    /// False if the frame has no such field.
    pick(name, turn) {
      const field = fields.find((one) => one.name === name && one.turn === (turn || 0));
      choose(field || null, false);
      return Boolean(field);
    },
    focus() {
      const item = chosen ? chosen.item : tree.querySelector('[role=treeitem]');
      if (item) item.focus();
    },
  };
}
