"use strict";
// Gives every request for a part of a page this sign-in's token, and takes a person to what went wrong.
document.addEventListener("htmx:configRequest", (event) => {
  const token = document.body.dataset.token;
  if (token) event.detail.headers["X-CSRF"] = token;
});
document.addEventListener("htmx:sendError", () => {
  const box = document.createElement("div");
  box.className = "notice bad";
  box.textContent = "The workspace can’t be reached. What you see is what was last kept; try again in a moment.";
  document.getElementById("notices").replaceChildren(box);
});
