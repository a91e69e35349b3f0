// Runs in a world of its own: it sees the page's nodes but shares no variable
// with the page's scripts, which can neither see nor change it.
globalThis.touchstone ??= (() => {
  const root = () => document.scrollingElement || document.documentElement;

  let changed = performance.now();
  new MutationObserver(() => { changed = performance.now(); }).observe(document, {
    subtree: true, childList: true, attributes: true, characterData: true,
  });

  // Pictures in view that are still to be loaded or decoded.
  const decoding = new WeakMap();
  const pendingPictures = () => {
    let pending = 0;
    for (const img of document.images) {
      const box = img.getBoundingClientRect();
      const inView = box.width > 0 && box.height > 0 &&
        box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
      if (!inView || !img.currentSrc) continue;
      if (!img.complete) { pending++; continue; }
      if (!img.naturalWidth) continue; // broken: nothing will come
      const known = decoding.get(img);
      if (known && known.src === img.currentSrc) {
        if (!known.done) pending++;
        continue;
      }
      const entry = { src: img.currentSrc, done: false };
      decoding.set(img, entry);
      img.decode().catch(() => {}).finally(() => { entry.done = true; });
      pending++;
    }
    return pending;
  };

  const pause = (ms) => new Promise((done) => setTimeout(done, ms));
  const frames = () => Promise.race([
    new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))),
    pause(150), // a tab that is not painted gets no frames
  ]);

  const state = () => ({
    url: location.href,
    title: document.title,
    ready: document.readyState,
    quiet: Math.round(performance.now() - changed),
    fonts: document.fonts.status === 'loaded',
    pictures: pendingPictures(),
    y: Math.round(scrollY),
    view: innerHeight,
    height: root() ? root().scrollHeight : 0,
  });

  // Scrolls to y at once and waits, for at most limit milliseconds, until the
  // pictures that came into view are there.
  const scroll = async (y, limit) => {
    scrollTo({ left: 0, top: y, behavior: 'instant' });
    await frames();
    const end = performance.now() + limit;
    while (pendingPictures() > 0 && performance.now() < end) await pause(30);
    return state();
  };

  // A page that scrolls in a box of its own shows no more than the box, however
  // large a picture is taken. open lets the box, and what it is in, grow to what
  // it holds; close puts back how they were.
  let opened = [];
  const box = () => {
    let best = null;
    for (const e of document.body ? document.body.querySelectorAll('*') : []) {
      const hidden = e.scrollHeight - e.clientHeight;
      if (hidden < 100 || e.clientHeight < innerHeight / 2 || e.clientWidth < innerWidth / 2) continue;
      if (!/auto|scroll|overlay/.test(getComputedStyle(e).overflowY)) continue;
      if (!best || hidden > best.scrollHeight - best.clientHeight) best = e;
    }
    return best;
  };
  const open = () => {
    const e = box();
    if (!e) return null;
    const found = { name: e.tagName.toLowerCase() + (e.id ? '#' + e.id : ''), view: e.clientHeight, height: e.scrollHeight, page: 0 };
    for (let at = e; at; at = at.parentElement) {
      opened.push([at, at.getAttribute('style')]);
      for (const [name, value] of [['height', 'auto'], ['max-height', 'none'], ['overflow', 'visible']]) at.style.setProperty(name, value, 'important');
      if (at !== e) continue;
      if (/fixed|absolute/.test(getComputedStyle(at).position)) at.style.setProperty('position', 'relative', 'important');
    }
    found.page = root() ? root().scrollHeight : 0;
    return found;
  };
  const close = () => {
    for (const [e, style] of opened) {
      e.setAttribute('style', style ?? '');
      // Chrome removes only an attribute that was written as one.
      if (style === null) e.removeAttribute('style');
    }
    opened = [];
    return true;
  };

  // The document as rendered, with open shadow roots as templates.
  const html = () => {
    const type = document.doctype;
    const head = type ? new XMLSerializer().serializeToString(type) + '\n' : '';
    const element = document.documentElement;
    if (!element) return head;
    const roots = [];
    const collect = (from) => {
      for (const e of from.querySelectorAll('*')) {
        if (e.shadowRoot) { roots.push(e.shadowRoot); collect(e.shadowRoot); }
      }
    };
    collect(document);
    if (!roots.length || !element.getHTML) return head + element.outerHTML;
    const open = element.cloneNode(false).outerHTML;
    const close = open.lastIndexOf('</');
    return head + open.slice(0, close) + element.getHTML({ shadowRoots: roots }) + open.slice(close);
  };

  return { state, scroll, open, close, html };
})();
