/* A ladder that grows. Every departure and arrival has a step of its own on the time axis, in the order
 * in which they happened; how long things took is in the margins, and to scale in the report.
 *
 *   drawLadder(parent, conversation, rows, { picked, fresh })
 */
const SVG = 'http://www.w3.org/2000/svg';
const STEP = 20, TOP = 64, LEFT = 210, RIGHT = 910, WIDTH = 1120, MOST_ROWS = 400;

function shape(tag, attributes, text) {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  if (text !== undefined) made.textContent = text;
  return made;
}

// Which step each moment has: times in order, a departure before an arrival at the same moment.
function stepsOf(rows) {
  const moments = [];
  for (const row of rows) {
    if (row.left !== null) moments.push([row.left, 0, row, 'y1']);
    if (row.arrived !== null) moments.push([row.arrived, 1, row, 'y2']);
  }
  moments.sort((a, b) => a[0] - b[0] || a[1] - b[1] || a[2].n - b[2].n);
  const places = new Map(rows.map((row) => [row, {}]));
  moments.forEach(([, , row, end], i) => { places.get(row)[end] = TOP + i * STEP; });
  return [places, TOP + moments.length * STEP];
}

// A packet that did not arrive, or has not yet, falls as far as its neighbours: `falls` steps.
function drawRow(row, { y1, y2 }, twoEnded, falls) {
  const lanes = [LEFT, RIGHT], from = lanes[row.from], to = lanes[1 - row.from], inwards = row.from === 0 ? 1 : -1;
  const lost = /(^| )lost/.test(row.role), pending = twoEnded && !lost && row.arrived === null;
  const start = y1 === undefined ? y2 : y1;
  let end = y2 === undefined ? start : y2, reach = to;
  if (lost || pending) {
    reach = (from + to) / 2;
    end = start + Math.max(STEP / 2, falls / 2);
  }
  const group = shape('g', { class: `packet ${row.role} ${pending ? 'pending' : ''}`, 'data-p': row.n, role: 'graphics-symbol', tabindex: '-1', 'aria-label': `Packet ${row.n}: ${row.say}` });
  group.append(shape('line', { class: 'hit', x1: from, y1: start, x2: reach, y2: end }), shape('line', { class: 'shaft', x1: from, y1: start, x2: reach, y2: end }));
  const slope = (end - start) / (reach - from);
  if (lost) group.append(shape('path', { class: 'mark', d: `M${reach - 6} ${end - 6}l12 12m0 -12l-12 12` }));
  else if (!pending && /(^| )corrupted/.test(row.role)) group.append(shape('path', { class: 'mark', d: `M${reach - 6} ${end - 6}h12v12h-12zl12 12m0 -12l-12 12` }));
  else if (!pending) group.append(shape('path', { class: 'head', d: `M${reach} ${end}L${reach - 10 * inwards} ${end - 10 * inwards * slope - 4}L${reach - 10 * inwards} ${end - 10 * inwards * slope + 4}z` }));
  const angle = Math.atan(slope) * 180 / Math.PI;
  const label = row.say.length > 84 ? row.say.slice(0, 83) + '…' : row.say;
  group.append(shape('text', { class: 'label', transform: `translate(${from + 9 * inwards} ${start + 9 * inwards * slope - 4}) rotate(${angle.toFixed(2)})`, 'text-anchor': row.from === 0 ? 'start' : 'end' }, `${row.n} ${label}`));
  const margin = (lane, y, time, state) => {
    const x = lanes[lane] + (lane === 0 ? -12 : 12), anchor = lane === 0 ? 'end' : 'start';
    if (time !== null) group.append(shape('text', { class: 'time', x, y: y + 4, 'text-anchor': anchor }, time.toFixed(3)));
    if (state) group.append(shape('text', { class: 'state', x: x + (lane === 0 ? -72 : 72), y: y + 4, 'text-anchor': anchor }, state));
  };
  margin(row.from, start, row.left, row.states[row.from]);
  if (twoEnded) margin(1 - row.from, end, row.arrived, row.states[1 - row.from]);
  else if (row.states[1 - row.from]) margin(1 - row.from, end, null, row.states[1 - row.from]);
  return group;
}

function drawLadder(parent, conversation, rows, { picked, fresh }) {
  const hidden = Math.max(0, rows.length - MOST_ROWS);
  const shown = hidden ? rows.slice(hidden) : rows;
  const [places, bottom] = stepsOf(shown);
  const height = bottom + STEP;
  const svg = shape('svg', { class: 'ladder growing', viewBox: `0 0 ${WIDTH} ${height}`, role: 'graphics-document', 'aria-roledescription': 'ladder diagram', 'aria-label': conversation ? `${conversation.ends[0]} and ${conversation.ends[1]}, ${rows.length} packets` : 'No packet yet' });
  if (conversation) {
    [LEFT, RIGHT].forEach((x, lane) => {
      svg.append(shape('text', { class: 'name', x, y: 22, 'text-anchor': 'middle' }, conversation.ends[lane]));
      svg.append(shape('path', { class: conversation.two_ended ? 'life' : 'life far', d: `M${x} 36V${height}` }));
    });
    if (hidden) svg.append(shape('text', { class: 'faint', x: (LEFT + RIGHT) / 2, y: 46, 'text-anchor': 'middle' }, `${hidden} earlier packets are not drawn here; the report has them`));
    const falls = [0, 0];
    for (const row of shown) {
      const place = places.get(row);
      if (row.left !== null && row.arrived !== null) falls[row.from] = place.y2 - place.y1;
      const group = drawRow(row, place, conversation.two_ended, falls[row.from]);
      if (row.n === picked) group.classList.add('picked');
      if (fresh.has(row.n)) group.classList.add('fresh');
      svg.append(group);
    }
  }
  const top = parent.querySelector('.packet[tabindex="0"]');
  const focused = top && document.activeElement === top ? top.dataset.p : null;
  parent.replaceChildren(svg);
  const tab = svg.querySelector(`.packet[data-p="${focused || picked}"]`) || svg.querySelector('.packet');
  if (tab) tab.setAttribute('tabindex', '0');
  if (focused && tab) tab.focus({ preventScroll: true });
}
