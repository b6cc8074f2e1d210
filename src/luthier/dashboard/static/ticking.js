// A box that was ticked with a pointer lets the focus go: a field that has it holds up the page's refreshing.
document.addEventListener("change", ({ target }) => {
  if (target.matches(".pick input") && !target.matches(":focus-visible")) target.blur();
});
