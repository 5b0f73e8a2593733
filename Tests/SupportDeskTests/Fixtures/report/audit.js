// Looks at a page as axe would: what a screen reader, a keyboard and weak eyes need. Returns what is wrong, a line each.
(() => {
  const problems = [];
  const say = (rule, node, more) => problems.push(
    rule + ": " + (node ? node.outerHTML.slice(0, 120).replace(/\s+/g, " ") : "") + (more ? " " + more : ""));
  const all = (selector) => [...document.querySelectorAll(selector)];
  const shown = (node) => {
    if (!node.checkVisibility || !node.checkVisibility({opacityProperty: true, visibilityProperty: true})) return false;
    const box = node.getBoundingClientRect();
    return box.width > 0 && box.height > 0 && box.right > 0;
  };
  const named = (node) => {
    const label = node.getAttribute("aria-label");
    if (label && label.trim()) return true;
    const ids = (node.getAttribute("aria-labelledby") || "").split(/\s+/).filter(Boolean);
    return ids.length > 0 && ids.every((id) => document.getElementById(id)?.textContent.trim());
  };

  if (!document.documentElement.lang) say("html-has-lang");
  if (!document.title.trim()) say("document-title");
  const viewport = document.querySelector("meta[name=viewport]")?.content || "";
  if (!viewport.includes("width=device-width") || /user-scalable=no|maximum-scale/.test(viewport)) say("meta-viewport");
  if (all("main").length !== 1) say("landmark-one-main");
  if (all("h1").length !== 1) say("page-has-heading-one");
  let level = 0;
  for (const heading of all("h1,h2,h3,h4,h5,h6")) {
    const own = Number(heading.tagName[1]);
    if (own > level + 1) say("heading-order", heading);
    if (!heading.textContent.trim()) say("empty-heading", heading);
    level = own;
  }
  const ids = all("[id]").map((node) => node.id);
  for (const id of ids) if (ids.indexOf(id) !== ids.lastIndexOf(id)) say("duplicate-id", null, id);
  for (const link of all("a[href]")) {
    if (!link.textContent.trim()) say("link-name", link);
    const target = link.getAttribute("href");
    if (!target.startsWith("#")) say("foreign-link", link);
    else if (!document.getElementById(target.slice(1))) say("skip-link-target", link);
  }
  for (const image of all("img,svg[role=img]")) if (!named(image) && !image.getAttribute("alt")) say("image-alt", image);
  for (const drawing of all("svg:not([role=img])")) {
    if (drawing.getAttribute("aria-hidden") !== "true") say("svg-hidden-or-named", drawing);
  }
  for (const region of all("section,nav,[role=region]")) if (!named(region)) say("region-name", region);
  for (const table of all("table")) {
    if (!table.querySelector("th[scope=col]")) say("table-column-heads", table);
    for (const row of table.querySelectorAll("tbody tr")) {
      if (!row.querySelector("th[scope=row]")) say("table-row-heads", row);
    }
    const columns = table.querySelectorAll("thead th").length;
    for (const row of table.querySelectorAll("tbody tr")) if (row.children.length !== columns) say("table-columns", row);
  }
  for (const list of all("ul,ol")) {
    for (const child of list.children) if (child.tagName !== "LI") say("list-children", child);
  }
  for (const list of all("dl")) {
    for (const child of list.children) if (!["DT", "DD", "DIV"].includes(child.tagName)) say("definition-list", child);
  }
  for (const node of all("[aria-hidden=true] a,[aria-hidden=true] [tabindex]")) say("aria-hidden-focus", node);
  for (const node of all("[tabindex]")) if (Number(node.getAttribute("tabindex")) > 0) say("tabindex", node);
  for (const node of all("div,.wide")) {
    if (shown(node) && node.scrollWidth > node.clientWidth + 1
        && ["auto", "scroll"].includes(getComputedStyle(node).overflowX) && node.tabIndex < 0) {
      say("scrollable-region-focusable", node);
    }
  }
  for (const node of all("script,iframe,object,embed,link,[onclick],[onload]")) say("self-contained", node);
  if (/url\((?!#)/.test(all("style").map((node) => node.textContent).join())) say("self-contained", null, "url()");
  if (document.documentElement.scrollWidth > innerWidth + 1) {
    const wide = all("body *").filter((node) => shown(node) && node.getBoundingClientRect().right > innerWidth + 1
      && !node.closest(".wide"))[0];
    say("no-sideways-scroll", wide, document.documentElement.scrollWidth + " > " + innerWidth);
  }

  // WCAG 2.2 §1.4.3: text against what is behind it.
  const channels = (colour) => {
    const numbers = colour.match(/[\d.]+/g).map(Number);
    return numbers.length === 3 ? [...numbers, 1] : numbers;
  };
  const luminance = (colour) => {
    const [r, g, b] = colour.slice(0, 3).map((value) => {
      const part = value / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (first, second) => {
    const [low, high] = [luminance(first), luminance(second)].sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
  };
  const behind = (node) => {
    for (let at = node; at; at = at.parentElement) {
      const colour = channels(getComputedStyle(at).backgroundColor);
      if (colour[3] === 1) return colour;
    }
    return [255, 255, 255, 1];
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const seen = new Set();
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const parent = node.parentElement;
    if (!node.textContent.trim() || seen.has(parent) || !shown(parent)) continue;
    seen.add(parent);
    const style = getComputedStyle(parent);
    const size = parseFloat(style.fontSize);
    if (size < 12) say("small-text", parent, size + "px");
    const isLarge = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    const ratio = contrast(channels(style.color), behind(parent));
    if (ratio < (isLarge ? 3 : 4.5)) say("color-contrast", parent, ratio.toFixed(2));
  }
  // §1.4.11: what is drawn against the page.
  const paper = channels(getComputedStyle(document.body).backgroundColor);
  for (const style of ["desk", "draft", "people", "good", "bad"]) {
    const probe = document.createElement("i");
    probe.className = style;
    document.body.append(probe);
    const colour = channels(getComputedStyle(probe).backgroundColor);
    // A page that does not draw with it.
    const ratio = colour[3] === 0 ? 3 : contrast(colour, paper);
    if (ratio < 3) say("non-text-contrast", null, style + " " + ratio.toFixed(2));
    probe.remove();
  }
  // §2.5.8: targets of 24 by 24, unless they stand in a line of text.
  for (const node of all("nav a,summary")) {
    const box = node.getBoundingClientRect();
    if (shown(node) && box.height < 24) say("target-size", node, box.height + "px");
  }
  return problems;
})()
