// Answers the consent dialogs it knows with no, and says which they were. It
// touches nothing but their buttons.
((rules) => {
  const visible = (e) => {
    const box = e.getBoundingClientRect();
    const style = getComputedStyle(e);
    return box.width > 0 && box.height > 0 && style.visibility !== 'hidden' && style.display !== 'none';
  };
  // Some dialogs are in a shadow tree of their own.
  const find = (selector) => {
    const roots = [document];
    for (const e of document.querySelectorAll('*')) if (e.shadowRoot) roots.push(e.shadowRoot);
    for (const root of roots) for (const e of root.querySelectorAll(selector)) if (visible(e)) return e;
    return null;
  };
  const dismissed = [];
  for (const { name, dialog, buttons } of rules.dialogs) {
    if (!document.querySelector(dialog)) continue;
    const button = buttons.map(find).find(Boolean);
    if (!button) continue;
    const says = (button.innerText || button.getAttribute('aria-label') || '').trim();
    button.click();
    dismissed.push(says ? `${name}: ${says}` : name);
  }
  if (dismissed.length) return dismissed;
  // A dialog that nobody has described, if it speaks of cookies and lies over the page.
  const over = (e) => {
    for (; e && e !== document.documentElement; e = e.parentElement) {
      const position = getComputedStyle(e).position;
      if (position === 'fixed' || position === 'sticky' || e.getAttribute('role') === 'dialog') {
        return /cookie|consent|privacy|datenschutz|confidentialit|privacidad|クッキー|쿠키|隐私/i.test(e.innerText) ? e : null;
      }
    }
    return null;
  };
  for (const button of document.querySelectorAll('button, [role=button], a, input[type=button]')) {
    const says = (button.innerText || button.value || '').trim();
    if (rules.words.includes(says.toLowerCase()) && visible(button) && over(button)) {
      button.click();
      return [`a dialog about cookies: ${says}`];
    }
  }
  return [];
})
