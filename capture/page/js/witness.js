// Tells what the person at the window does, through a binding that only this
// world has: the page's scripts can neither hear it nor use it. Only events that
// the browser itself made count. What is typed into a field for passwords, cards
// or codes is told as a value to be struck out wherever it turns up, and never
// as something typed.
(() => {
  if (globalThis.touchstoneWitnessing) return;
  globalThis.touchstoneWitnessing = true;

  const most = 200;
  const clip = (s) => (s || '').replace(/\s+/g, ' ').trim().slice(0, most);
  const tell = (what, more) => {
    if (typeof touchstoneWitness === 'function') {
      touchstoneWitness(JSON.stringify({ what, url: location.href, ...more }));
    }
  };

  const named = /pass(word|wd|code|phrase)?|pwd|cvv|cvc|csc|otp|one-?time|2fa|card-?num|pin$/i;
  const filled = /(^|\s)(cc-|one-time-code|current-password|new-password)/i;
  const everSecret = new WeakSet();
  const secret = (e) => {
    if (!e || !e.tagName) return false;
    // What a closed shadow root holds cannot be seen, so it may be one.
    if (e.tagName.includes('-') && !e.shadowRoot) return true;
    if (!(e instanceof HTMLInputElement)) return false;
    if (e.type === 'password' || filled.test(e.autocomplete || e.getAttribute('autocomplete') || '') ||
        named.test(e.name) || named.test(e.id)) everSecret.add(e);
    return everSecret.has(e);
  };
  const inner = (event) => event.composedPath()[0];

  const writes = (e) => e instanceof HTMLInputElement || e instanceof HTMLTextAreaElement || e.isContentEditable;
  const describe = (e) => {
    if (!e || !e.tagName) return '';
    const id = e.id ? '#' + e.id : e.getAttribute('name') ? `[name=${e.getAttribute('name')}]` : '';
    const label = e.getAttribute('aria-label') || (e.labels && e.labels[0] && e.labels[0].innerText) ||
      e.getAttribute('placeholder') || e.getAttribute('alt') || (writes(e) || e instanceof HTMLSelectElement ? '' : e.innerText);
    return clip(`${e.tagName.toLowerCase()}${id} ${label || ''}`);
  };
  const actable = 'a,button,input,select,textarea,label,summary,option,img,[role],[onclick]';

  const on = (type, handle) => addEventListener(type, (event) => {
    if (event.isTrusted) handle(event, inner(event));
  }, { capture: true, passive: true });

  for (const type of ['click', 'auxclick']) {
    on(type, (event, e) => {
      if (event.detail === 0 && type === 'click') return; // made by a key, which is told itself
      const target = (e.closest && e.closest(actable)) || e;
      tell('clicked', { on: describe(target), x: Math.round(event.clientX), y: Math.round(event.clientY) });
    });
  }
  on('focusin', (event, e) => { secret(e); }); // before it may be made readable
  on('keydown', (event, e) => {
    if (secret(e)) { tell('typed_secret', { on: describe(e) }); return; }
    if (event.isComposing || ['Shift', 'Control', 'Alt', 'Meta', 'Process', 'Dead'].includes(event.key)) return;
    const held = ['ctrlKey', 'altKey', 'metaKey'].filter((k) => event[k]).map((k) => k.slice(0, -3) + '+').join('');
    if (event.key.length === 1 && !held) tell('typed', { on: describe(e), text: event.key });
    else tell('pressed', { on: describe(e), text: held + event.key });
  });
  on('compositionend', (event, e) => {
    if (!secret(e)) tell('typed', { on: describe(e), text: event.data });
  });
  on('paste', (event, e) => {
    if (secret(e)) { tell('typed_secret', { on: describe(e) }); return; }
    tell('pasted', { on: describe(e), text: clip(event.clipboardData && event.clipboardData.getData('text/plain')) });
  });

  const numbers = new WeakMap();
  let count = 0;
  const strike = (e) => {
    if (!secret(e) || !e.value) return;
    if (!numbers.has(e)) numbers.set(e, ++count);
    tell('secret', { field: numbers.get(e), text: e.value });
  };
  on('input', (event, e) => strike(e));
  on('change', (event, e) => {
    strike(e);
    if (e instanceof HTMLSelectElement) {
      tell('chose', { on: describe(e), text: clip([...e.selectedOptions].map((o) => o.label).join(', ')) });
    }
  });
})();
