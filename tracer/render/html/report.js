/* A report: which packet is shown, by mouse, keys and the address (#p=6&f=tcp.seq). */
const about = JSON.parse(document.getElementById('about').textContent);
const ladderView = document.getElementById('ladder-view');

// A line a packet, found by number; parsed when looked at.
const lines = new Map();
const order = [];
for (const line of document.getElementById('packets').textContent.split('\n')) {
  if (!line) continue;
  const number = parseInt(line.slice(5), 10);
  lines.set(number, line);
  order.push(number);
}

let capture = null;
function captureBytes() {
  if (!capture) capture = Uint8Array.from(atob(document.getElementById('capture').textContent), (c) => c.charCodeAt(0));
  return capture;
}

// Where each packet block of the pcapng file keeps its frame.
let blocks = null;
function frameBytes(block, size) {
  const file = captureBytes();
  if (!blocks) {
    blocks = [];
    const view = new DataView(file.buffer);
    for (let at = 0; at + 12 <= file.length; at += view.getUint32(at + 4, true)) {
      if (view.getUint32(at, true) === 6) blocks.push(at + 28);
      if (view.getUint32(at + 4, true) < 12) break;
    }
  }
  return file.subarray(blocks[block], blocks[block] + size);
}

let packet = null, sighting = 0, viewShown = 0;
const state = { p: 0, f: '', k: 0 };

const detail = createDetail(about.fields, (name, turn) => {
  [state.f, state.k] = [name, turn];
  remember();
});

function remember() {
  const hash = `#p=${state.p}` + (state.f ? `&f=${encodeURIComponent(state.f)}` : '') + (state.k ? `&k=${state.k}` : '');
  if (location.hash !== hash) history.replaceState(null, '', hash);
}

function showConversation(c) {
  for (const part of document.querySelectorAll('.conversation')) part.hidden = Number(part.dataset.c) !== c;
}

function showView(index) {
  if (index !== viewShown) {
    const text = document.getElementById(`view-${index}`) ? document.getElementById(`view-${index}`).textContent : firstView;
    const drawn = new DOMParser().parseFromString(text, 'application/xhtml+xml').documentElement;
    ladderView.replaceChildren(...document.importNode(drawn, true).children);
    viewShown = index;
    prepare();
  }
  showConversation(about.views[index].c);
  document.getElementById('view').value = String(index);
  document.getElementById('view-back').disabled = index === 0;
  document.getElementById('view-on').disabled = index === about.views.length - 1;
}
const firstView = about.views.length > 1 ? `<div xmlns="http://www.w3.org/1999/xhtml">${[...ladderView.children].map((one) => new XMLSerializer().serializeToString(one)).join('')}</div>` : '';

// One arrow at a time is in the order of the Tab key.
function prepare() {
  const first = ladderView.querySelector('.packet');
  if (first) first.setAttribute('tabindex', '0');
}

const arrow = (number) => ladderView.querySelector(`.packet[data-p="${number}"]`);

function showFrame(index) {
  sighting = index;
  const frame = packet.frames[index];
  detail.show(frameBytes(frame.block, frame.size), frame.fields);
  const bar = document.getElementById('sightings');
  bar.replaceChildren();
  if (packet.frames.length === 1) {
    bar.textContent = `${frame.length} bytes, ${frame.where}` + (frame.size < frame.length ? `; ${frame.size} of them captured` : '');
    return;
  }
  packet.frames.forEach((one, i) => {
    const button = element('button', '', `${one.length} bytes, ${one.where}`);
    button.type = 'button';
    button.setAttribute('aria-pressed', String(i === index));
    button.addEventListener('click', () => { showFrame(i); detail.pick(state.f, state.k); });
    bar.append(button, ' ');
  });
}

function showPacket(number, { focus = false } = {}) {
  if (!lines.has(number)) return false;
  packet = JSON.parse(lines.get(number));
  const view = about.views[packet.v];
  [state.p, state.f, state.k] = [number, '', 0];
  showView(packet.v);
  for (const old of ladderView.querySelectorAll('.picked')) old.classList.remove('picked');
  for (const old of ladderView.querySelectorAll('.packet[tabindex="0"]')) old.setAttribute('tabindex', '-1');
  const group = arrow(number);
  if (group) {
    group.classList.add('picked');
    group.setAttribute('tabindex', '0');
    if (focus) {
      group.focus({ preventScroll: true });
      group.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    }
  }
  document.getElementById('packet').hidden = false;
  document.getElementById('packet-number').textContent = `#${number}`;
  const times = packet.arrived !== null ? ` — left at ${packet.left} ms, arrived at ${packet.arrived} ms` : packet.left !== null ? ` — at ${packet.left} ms` : '';
  document.getElementById('packet-text').textContent = `${view.ends[packet.from]} → ${view.ends[1 - packet.from]}: ${packet.label}${times}`;
  showFrame(0);
  return true;
}

// #p=6&f=tcp.seq&k=1: the second tcp.seq of packet 6.
function readAddress() {
  const wanted = new URLSearchParams(location.hash.slice(1));
  const number = Number(wanted.get('p'));
  if (!wanted.has('p')) return;
  if (number !== state.p && !showPacket(number, { focus: true })) return;
  if (!wanted.get('f')) return;
  [state.f, state.k] = [wanted.get('f'), Number(wanted.get('k')) || 0];
  detail.pick(state.f, state.k);
}

function step(by) {
  const at = order.indexOf(state.p);
  const next = order[at < 0 ? 0 : Math.min(order.length - 1, Math.max(0, at + by))];
  const { f, k } = state;
  showPacket(next, { focus: true });
  if (f && detail.pick(f, k)) [state.f, state.k] = [f, k];
  remember();
}

ladderView.addEventListener('click', (event) => {
  const group = event.target.closest('.packet');
  if (!group) return;
  showPacket(Number(group.dataset.p), { focus: true });
  remember();
});
for (const plots of document.querySelectorAll('#plots .conversation')) {
  plots.addEventListener('click', (event) => {
    const mark = event.target.closest('[data-p]');
    if (mark && showPacket(Number(mark.dataset.p))) remember();
  });
}
ladderView.addEventListener('focusin', (event) => {
  const group = event.target.closest('.packet');
  if (!group || Number(group.dataset.p) === state.p) return;
  showPacket(Number(group.dataset.p));
  remember();
});
document.addEventListener('keydown', (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey || /^(INPUT|SELECT|TEXTAREA|BUTTON)$/.test(event.target.tagName)) return;
  const by = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1, PageDown: 20, PageUp: -20, Home: -Infinity, End: Infinity }[event.key];
  if (event.key === 'Escape' && document.getElementById('packet').contains(event.target)) {
    if (arrow(state.p)) arrow(state.p).focus();
  } else if (!ladderView.contains(event.target) && event.target !== document.body) {
    return;
  } else if (by) {
    step(by === Infinity ? order.length : by === -Infinity ? -order.length : by);
  } else if (event.key === 'Enter' && state.p) {
    detail.focus();
  } else {
    return;
  }
  event.preventDefault();
});
document.getElementById('packet-close').addEventListener('click', () => {
  document.getElementById('packet').hidden = true;
  if (arrow(state.p)) arrow(state.p).focus();
});
window.addEventListener('hashchange', readAddress);

// Which part of the capture is drawn.
const select = document.getElementById('view');
about.views.forEach((view, i) => {
  const option = element('option', '', `${view.title}: #${view.first} to #${view.last}`);
  option.value = String(i);
  select.append(option);
});
document.getElementById('views').hidden = about.views.length < 2;
select.addEventListener('change', () => showView(Number(select.value)));
document.getElementById('view-back').addEventListener('click', () => showView(viewShown - 1));
document.getElementById('view-on').addEventListener('click', () => showView(viewShown + 1));

// What to take away.
function svgText() {
  const drawn = (arrow(state.p) || ladderView.querySelector('.packet')).closest('svg').cloneNode(true);
  for (const old of drawn.querySelectorAll('.picked')) old.classList.remove('picked');
  const style = document.createElementNS('http://www.w3.org/2000/svg', 'style');
  style.textContent = [...document.styleSheets[0].cssRules].map((rule) => rule.cssText).filter((text) => text.includes('.ladder')).join('\n');
  drawn.prepend(style);
  return new XMLSerializer().serializeToString(drawn);
}
function jsonText() {
  return order.map((number) => {
    const { n, v, from, label, left, arrived, frames } = JSON.parse(lines.get(number));
    const { ends } = about.views[v];
    const fields = frames[0].fields.filter(([id]) => !about.fields[id][2]).map(([id, value, at, size]) => (at < 0 ? { name: about.fields[id][0], value } : { name: about.fields[id][0], value, at, size }));
    return JSON.stringify({ schema: 'wirelab-packet-1', number: n, from: ends[from], to: ends[1 - from], left_ms: left, arrived_ms: arrived, says: label, fields }) + '\n';
  }).join('');
}
const savers = {
  capture: ['capture.pcapng', 'application/x-pcapng', captureBytes],
  json: ['packets.ndjson', 'application/x-ndjson', jsonText],
  svg: ['ladder.svg', 'image/svg+xml', svgText],
};
document.getElementById('data').addEventListener('click', (event) => {
  const what = event.target.dataset.save;
  if (!what) return;
  const embedded = document.getElementById(`save-${what}`);  // text that the page holds as it is
  const [name, type, make] = embedded ? [embedded.dataset.name, 'text/plain', () => JSON.parse(embedded.textContent)] : savers[what];
  const link = element('a');
  link.href = URL.createObjectURL(new Blob([make()], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
});

if (about.views.length) {
  prepare();
  showView(0);
}
readAddress();
document.documentElement.dataset.ready = 'yes';
