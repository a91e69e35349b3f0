// Tells the test where on the screen things are, and what has the focus.
const tell = (path, what) => navigator.sendBeacon(path, JSON.stringify(what));
const places = () => {
  if (!outerWidth) return requestAnimationFrame(places); // a new window does not know yet where it is
  for (const e of document.querySelectorAll('[id]')) {
    const box = e.getBoundingClientRect();
    tell('/places', {
      page: location.pathname, id: e.id,
      x: Math.round(screenX + (outerWidth - innerWidth) / 2 + box.left + box.width / 2),
      y: Math.round(screenY + (outerHeight - innerHeight) + box.top + box.height / 2),
    });
  }
};
addEventListener('load', places);
addEventListener('resize', places);
addEventListener('focusin', (e) => tell('/done', { page: location.pathname, id: e.target.id, what: 'focus' }));
addEventListener('input', (e) => tell('/done', { page: location.pathname, id: e.target.id, what: 'input', n: e.target.value.length }));
addEventListener('load', () => requestAnimationFrame(() => {
  for (const e of document.querySelectorAll('[id]')) tell('/done', { page: location.pathname, id: e.id, what: 'shown' });
}));
