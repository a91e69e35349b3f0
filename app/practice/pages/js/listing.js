"use strict";
// What every listing page does: pictures in the gallery, pictures and reviews
// that load when the reader comes near them.
(() => {
  document.addEventListener("click", (e) => {
    const thumb = e.target.closest(".thumbs button");
    if (!thumb) return;
    document.getElementById("stage").src = thumb.dataset.full;
    thumb.parentNode.querySelectorAll("button").forEach((b) => b.classList.toggle("here", b === thumb));
  });

  const near = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      if (!entry.isIntersecting) continue;
      entry.target.src = entry.target.dataset.src;
      near.unobserve(entry.target);
    }
  }, { rootMargin: "300px" });
  const watch = () => document.querySelectorAll("img.lazy:not([src])").forEach((img) => near.observe(img));
  watch();
  document.addEventListener("offer-drawn", watch);

  let from = 0;
  let busy = false;
  const more = async () => {
    const list = document.getElementById("review-list");
    if (!list || !list.dataset.more || busy) return;
    if (list.getBoundingClientRect().bottom > innerHeight + 600) return;
    busy = true;
    from = from || list.children.length;
    const answer = await fetch(`${list.dataset.more}?from=${from}`);
    const page = await answer.json();
    for (const r of page.reviews) {
      const row = document.createElement("div");
      row.className = "review";
      row.append(bit("b", r.author), " ", bit("span", "★".repeat(r.stars) + "☆".repeat(5 - r.stars), "stars"), " ", bit("time", r.day), " ", bit("i", r.country), bit("p", r.text));
      list.append(row);
    }
    from += page.reviews.length;
    if (!page.more) delete list.dataset.more;
    busy = false;
    more();
  };
  const bit = (name, text, style) => {
    const e = document.createElement(name);
    e.textContent = text;
    if (style) e.className = style;
    return e;
  };
  addEventListener("scroll", more, { passive: true });
})();
