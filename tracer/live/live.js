/* The live page: events in, a view of them out. The view may lag behind on purpose: paused, stepped,
 * replayed slowly, or waiting for a guess. */
const settings = JSON.parse(document.getElementById('settings').textContent);
const id = (name) => document.getElementById(name);

const conversations = [];          // [c] -> {ends, protocol, two_ended}
const rows = new Map();            // number -> row, all that is known
const output = { text: '' };
let current = 0;                   // conversation that is drawn
let shownCount = Infinity;         // rows of it that the view shows; Infinity: all, as they come
let picked = 0, wait = null, run = '', received = 0, latencies = [];
const score = { right: 0, asked: 0 };

const listed = () => [...rows.values()].filter((row) => row.c === current).sort((a, b) => a.n - b.n);
const live = () => shownCount === Infinity;

// Drawing, at most once a frame however many events come.
let drawn = false, fresh = new Set();
function draw() {
  if (drawn) return;
  drawn = true;
  requestAnimationFrame(() => {
    drawn = false;
    const all = listed(), shown = live() ? all : all.slice(0, shownCount);
    const view = id('ladder-view');
    const atEnd = live() && window.innerHeight + window.scrollY >= document.documentElement.scrollHeight - 160;
    drawLadder(view, conversations[current], shown, { picked, fresh });
    fresh = new Set();
    if (atEnd && shown.length) window.scrollTo({ top: document.documentElement.scrollHeight, behavior: 'instant' });
    id('step').disabled = !live() && shownCount >= all.length;
    id('pause').setAttribute('aria-pressed', String(!live()));
    id('pause').textContent = live() ? 'Pause' : 'Go on live';
    id('save').hidden = rows.size === 0;
    ask(all);
    status(all.length, shown.length);
  });
}

function status(all, shown) {
  const behind = all - shown;
  const middle = latencies.length ? [...latencies].sort((a, b) => a - b)[Math.floor(latencies.length / 2)] : null;
  const words = [`${rows.size} packets`];
  if (behind > 0) words.push(`${behind} not shown yet`);
  if (run) words.push(run);
  if (middle !== null) words.push(`from capture to page ${middle.toFixed(0)} ms (median)`);
  id('status').textContent = words.join(' · ');
  Object.assign(document.documentElement.dataset, { packets: rows.size, events: received, shown, latency: middle === null ? '' : middle.toFixed(1) });
}

// What happens to the capture.
const handlers = {
  conversation(event) {
    conversations[event.c] = event;
    id('which-label').hidden = conversations.length < 2;
    id('which').replaceChildren(...conversations.map((one, i) => {
      const option = element('option', '', `${one.ends[0]} and ${one.ends[1]}`);
      option.value = String(i);
      option.selected = i === current;
      return option;
    }));
  },
  rows(event) {
    const now = Date.now();
    for (const row of event.rows) {
      if (!rows.has(row.n)) {
        fresh.add(row.n);
        if (connectedAt && row.wall > connectedAt) latencies.push(Math.max(0, now - row.wall));
      }
      rows.set(row.n, row);
    }
    latencies = latencies.slice(-500);
  },
  output(event) {
    output.text = (output.text + event.lines.map((line) => `${event.side.padStart(6)} │ ${line}\n`).join('')).slice(-65536);
    id('outputs').hidden = false;
    id('output').textContent = output.text;
  },
  // A new run: everything before belongs to another one.
  begin(event) {
    conversations.length = 0;
    rows.clear();
    output.text = '';
    id('output').textContent = '';
    [current, picked, run] = [0, 0, event.text];
    if (!live()) shownCount = 0;
    id('packet').hidden = true;
    id('run').disabled = true;
    for (const button of document.querySelectorAll('.armed')) button.classList.remove('armed');
  },
  end(event) {
    run = event.text;
    id('run').disabled = false;
    id('run').textContent = 'Run again';
  },
  note(event) { run = event.text; },
};

let connectedAt = 0;
function connect() {
  const source = new EventSource('events');
  source.onopen = () => {
    connectedAt = Date.now();
    id('status').classList.remove('lost');
    document.documentElement.dataset.connected = 'yes';
  };
  source.onmessage = (message) => {
    const event = JSON.parse(message.data);
    ++received;
    handlers[event.type](event);
    draw();
  };
  // The browser connects again by itself and says what it had last.
  source.onerror = () => {
    document.documentElement.dataset.connected = '';
    id('status').classList.add('lost');
    id('status').textContent = 'The connection is lost: the program has ended, or it comes back in a moment.';
  };
}

// The view.
function stop() {
  clearTimeout(wait);
  wait = null;
}
function pause() {
  stop();
  shownCount = live() ? listed().length : Infinity;
  draw();
}
function step() {
  stop();
  const all = listed().length;
  shownCount = live() ? all : Math.min(all, shownCount + 1);
  draw();
}
function replay() {
  stop();
  shownCount = 0;
  const speed = Number(id('speed').value);
  const next = () => {
    const all = listed();
    if (shownCount >= all.length) {
      stop();
      return;
    }
    ++shownCount;
    draw();
    const row = all[shownCount - 1], following = all[shownCount];
    if (!following) return;
    const apart = Math.max(0, (following.left ?? following.arrived) - (row.left ?? row.arrived));
    wait = setTimeout(next, speed ? Math.min(3000, apart * speed) : 1000);
  };
  next();
}

// The game: what comes next?
const KINDS = { SYN: 'SYN', SYNACK: 'SYN and ACK', DATA: 'data', FIN: 'FIN', RST: 'RST', ACK: 'only ACK', OTHER: 'a datagram' };
function kindOf(row) {
  if (row.kind !== 0) return 'OTHER';
  if (row.flags & 4) return 'RST';
  if (row.flags & 2) return row.flags & 16 ? 'SYNACK' : 'SYN';
  if (row.flags & 1) return 'FIN';
  return row.length > 0 ? 'DATA' : 'ACK';
}
const predicting = () => id('predict').getAttribute('aria-pressed') === 'true';
function ask(all) {
  id('question').hidden = !predicting();
  if (!predicting()) return;
  const next = all[shownCount];
  id('question-text').textContent = next ? shownCount ? `Which packet comes next, after #${all[shownCount - 1].n}?` : 'Which packet comes first?' : 'Nothing more has come yet.';
  const conversation = conversations[current];
  if (!next || !conversation) {
    id('guesses').replaceChildren();
    return;
  }
  const kinds = conversation.protocol === 6 ? ['SYN', 'SYNACK', 'ACK', 'DATA', 'FIN', 'RST'] : ['OTHER'];
  const buttons = [];
  for (const lane of [0, 1]) {
    for (const kind of kinds) {
      const button = element('button', '', `${conversation.ends[lane].split(' ')[0]}: ${KINDS[kind]}`);
      button.type = 'button';
      button.dataset.guess = `${lane}${kind}`;
      button.addEventListener('click', () => guess(next, lane, kind));
      buttons.push(button);
    }
  }
  if (id('guesses').dataset.about !== String(next.n)) id('guesses').replaceChildren(...buttons);
  id('guesses').dataset.about = String(next.n);
}
function guess(next, lane, kind) {
  const right = next.from === lane && kindOf(next) === kind;
  ++score.asked;
  if (right) ++score.right;
  const truth = `#${next.n} from ${conversations[current].ends[next.from].split(' ')[0]}: ${next.say}`;
  id('score').textContent = `${right ? '✓ Right.' : '✗ No:'} ${truth} — ${score.right} of ${score.asked} right`;
  ++shownCount;
  draw();
}
function togglePredict() {
  const on = !predicting();
  id('predict').setAttribute('aria-pressed', String(on));
  stop();
  shownCount = on ? (live() ? 0 : shownCount) : Infinity;
  draw();
}

// Packets, one by one.
const names = [];
const detail = createDetail(names, () => {});
async function showPacket(number) {
  const row = rows.get(number);
  if (!row) return;
  picked = number;
  draw();
  const answer = await fetch(`packet?n=${number}`);
  if (!answer.ok || picked !== number) return;
  const { names: itsNames, packet, bytes } = await answer.json();
  names.splice(0, names.length, ...itsNames);
  id('packet').hidden = false;
  id('packet-number').textContent = `#${number}`;
  id('packet-text').textContent = packet.label;
  detail.show(Uint8Array.from(atob(bytes), (c) => c.charCodeAt(0)), packet.frames[0].fields);
}
id('ladder-view').addEventListener('click', (event) => {
  const group = event.target.closest('.packet');
  if (group) showPacket(Number(group.dataset.p));
});
id('packet-close').addEventListener('click', () => { id('packet').hidden = true; });

// What may be done to the wire.
async function act(words) {
  const answer = await fetch('do', { method: 'POST', body: words });
  if (!answer.ok) {
    id('status').textContent = 'That is not possible now.';
    return false;
  }
  run = await answer.text();
  draw();
  return true;
}
id('rules').hidden = settings.rules.length === 0;
for (const [words, script] of settings.rules) {
  const button = element('button', '', words);
  button.type = 'button';
  button.title = script;
  button.addEventListener('click', async () => { if (await act(`inject ${script}`)) button.classList.add('armed'); });
  id('rules').append(button);
}
id('run').hidden = !settings.can_run;
id('run').addEventListener('click', () => act('run'));

function togglePresenter() {
  const on = document.body.classList.toggle('presenter');
  id('presenter').setAttribute('aria-pressed', String(on));
}
id('pause').addEventListener('click', pause);
id('step').addEventListener('click', step);
id('replay').addEventListener('click', replay);
id('predict').addEventListener('click', togglePredict);
id('presenter').addEventListener('click', togglePresenter);
id('which').addEventListener('change', () => {
  current = Number(id('which').value);
  draw();
});
document.addEventListener('keydown', (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey || /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName)) return;
  const group = event.target.closest && event.target.closest('.packet');
  if (event.key === ' ' && event.target.tagName !== 'BUTTON') pause();
  else if (group && event.key === 'Enter') showPacket(Number(group.dataset.p));
  else if (group && (event.key === 'ArrowDown' || event.key === 'ArrowUp')) {
    const next = event.key === 'ArrowDown' ? group.nextElementSibling : group.previousElementSibling;
    if (next && next.classList.contains('packet')) {
      group.setAttribute('tabindex', '-1');
      next.setAttribute('tabindex', '0');
      next.focus();
    }
  } else if (event.key === 'ArrowRight' && !id('packet').contains(event.target)) step();
  else if (event.key === 'r' || event.key === 'R') replay();
  else if (event.key === 'p' || event.key === 'P') togglePresenter();
  else return;
  event.preventDefault();
});

document.title = settings.title;
id('title').textContent = settings.title;
connect();
draw();
