"use strict";
// Draws a listing whose page came without it: from the state embedded in the
// page, or from what the server answers when asked.
(async () => {
  const app = document.getElementById("app");
  let state = window.__INITIAL_STATE__;
  if (!state) {
    const answer = await fetch(`/api/offer/${app.dataset.offer}.json`);
    state = await answer.json();
  }
  const { item, seller, words } = state;

  const make = (name, attributes, ...children) => {
    const e = document.createElement(name);
    for (const [k, v] of Object.entries(attributes)) e.setAttribute(k, v);
    e.append(...children.filter((c) => c !== null && c !== undefined));
    return e;
  };
  const picture = (src, side, attributes) => make("img", { src, alt: "", width: side, height: side, ...attributes });
  const lines = (pairs) => make("dl", { class: "lines" }, ...pairs.flatMap(([k, v]) => [make("dt", {}, k), make("dd", {}, v)]));
  const stars = (n) => "★".repeat(Math.round(n)) + "☆".repeat(5 - Math.round(n));

  const gallery = make("div", { class: "gallery" },
    make("div", { class: "stage" }, picture(item.images[0], 460, { id: "stage", alt: item.title })),
    make("div", { class: "thumbs" }, ...item.images.map((src, i) => make("button", { type: "button", "data-full": src, class: i ? "" : "here" }, picture(src, 72)))));

  const price = make("div", { class: "price" }, make("span", { class: "now" }, item.price.text),
    item.price.was ? make("s", {}, item.price.was) : null);

  const facts = make("div", { class: "facts" },
    make("h1", {}, item.title),
    make("div", { class: "score" }, make("span", { class: "stars" }, stars(item.rating)), ` ${item.rating} `, make("a", { href: "#reviews" }, `${item.reviews.length} ${words.reviews_n}`), make("span", { class: "sold" }, item.sold)),
    price,
    lines([[words.location, item.location], [words.shipping, words.shipping_value], [words.stock, item.stock ? `${item.stock} ${words.available}` : words.sold_out], [words.item_no, item.itemId]]),
    make("div", { class: "buy" }, make("button", { class: "button primary", type: "button" }, words.buy_now), make("button", { class: "button", type: "button" }, words.add)));

  const card = make("aside", { class: "seller-card" }, make("small", {}, words.sold_by), make("a", { class: "seller-name", href: seller.url }, seller.name), make("p", {}, seller.location),
    make("dl", {}, make("dt", {}, words.positive), make("dd", {}, seller.feedback), make("dt", {}, words.followers), make("dd", {}, seller.followers), make("dt", {}, words.since), make("dd", {}, String(seller.since))),
    make("a", { class: "button", href: seller.url }, words.visit), make("a", { class: "report", href: "/help" }, `⚑ ${words.report_item}`));

  const rows = [[words.brand, item.brand], [words.model, item.model], ...item.specs];
  const below = make("section", { class: "below" },
    make("h2", {}, words.specs), make("table", { class: "specs" }, ...rows.map(([k, v]) => make("tr", {}, make("th", {}, k), make("td", {}, v)))),
    make("h2", {}, words.description),
    make("div", { class: "story" }, ...item.story.map((p) => make("p", {}, p)),
      ...item.details.map((src, i) => (item.lazy && i % 2 ? make("img", { class: "lazy", "data-src": src, alt: "", width: 790, height: 790 }) : picture(src, 790, item.lazy ? { loading: "lazy" } : {})))),
    make("h2", { id: "reviews" }, words.reviews),
    make("div", { class: "reviews", id: "review-list", ...(item.lazy ? { "data-more": `/api/offer/${item.itemId}/reviews` } : {}) }, ...item.reviews.map((r) => make("div", { class: "review" }, make("b", {}, r.author), " ", make("span", { class: "stars" }, stars(r.stars)), make("time", {}, r.day), make("i", {}, r.country), make("p", {}, r.text)))));

  app.replaceChildren(make("article", { class: "offer" }, gallery, facts, card), below);
  document.dispatchEvent(new Event("offer-drawn"));
})();
