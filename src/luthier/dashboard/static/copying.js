// Buttons that copy the text of the element they name; without a clipboard there are none.
document.addEventListener("click", async ({ target }) => {
  const id = target.dataset?.copies;
  if (id === undefined) return;
  try {
    await navigator.clipboard.writeText(document.getElementById(id).textContent);
    target.textContent = "Copied";
  } catch {
    getSelection().selectAllChildren(document.getElementById(id)); // to be copied by hand
    target.textContent = "Selected: copy it now";
  }
});

const show = () => document.querySelectorAll("[data-copies]").forEach((each) => (each.hidden = false));
document.addEventListener("luthier:shown", show);
show();
