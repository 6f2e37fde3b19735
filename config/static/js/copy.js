// A button that copies the text of the box it names. Without this file the text is selected by hand.
for (const button of document.querySelectorAll("[data-copy]")) {
  const box = document.getElementById(button.dataset.copy);
  const say = words => { button.parentElement.querySelector("[role=status]").textContent = words; };
  // Inside a hospital's network a page is often not on https, where browsers have no clipboard to write to.
  const select = () => {
    box.focus();
    box.select();
    return document.execCommand("copy");
  };
  button.hidden = false;
  button.addEventListener("click", async () => {
    try {
      if (navigator.clipboard) await navigator.clipboard.writeText(box.value);
      else if (!select()) throw new Error();
      say("已复制，可以粘贴到微信或短信里");
    } catch {
      box.select();
      say("没有复制成功，文字已选中，请按 Ctrl+C");
    }
  });
}
