// 导入来稿: a file may be dropped anywhere on the page; it is said what was chosen, what is too large, and that it is being
// read. Without this file it is chosen and sent as any other.
(() => {
  const form = document.querySelector('.intake-form'), input = form.querySelector('input[type=file]');
  const status = form.querySelector('[role=status]'), button = form.querySelector('input[type=submit]');
  const carriesFiles = event => [...event.dataTransfer.types].includes('Files');
  const size = bytes => bytes < 1e6 ? `${Math.max(1, Math.round(bytes / 1e3))}KB` : `${(bytes / 1e6).toFixed(1)}MB`;
  const say = text => { status.textContent = text; };

  const chosen = () => {
    const [file] = input.files;
    if (!file) return say('');
    if (file.size > Number(input.dataset.mostBytes)) {
      input.value = '';
      return say(input.dataset.tooLarge);
    }
    say(`已选好“${file.name}”（${size(file.size)}），请点“${button.value}”。`);
    button.focus({ preventScroll: true });
  };
  input.addEventListener('change', chosen);
  if (input.files.length) chosen(); // the page was gone back to

  let inside = 0; // elements that the file has been drawn into and not out of
  const mark = count => { inside = count; form.classList.toggle('is-target', inside > 0); };
  document.addEventListener('dragenter', event => { if (carriesFiles(event)) mark(inside + 1); });
  document.addEventListener('dragleave', event => { if (carriesFiles(event)) mark(Math.max(0, inside - 1)); });
  document.addEventListener('dragover', event => {
    if (!carriesFiles(event)) return;
    event.preventDefault(); // else the browser would leave the page and show the file
    event.dataTransfer.dropEffect = 'copy';
  });
  document.addEventListener('drop', event => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    mark(0);
    const { files } = event.dataTransfer;
    if (files.length !== 1) return say('一次只读一篇稿件，请只拖一个文件进来。');
    input.files = files;
    chosen();
  });

  form.addEventListener('submit', event => {
    if (!event.defaultPrevented) say('正在读，请不要关掉页面。照片多的稿件要十几秒。');
  });
  window.addEventListener('pageshow', event => { if (event.persisted) chosen(); });
})();
