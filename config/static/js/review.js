// 审核页: the preview is as high as what it shows. Without this file it scrolls inside its frame.
(() => {
  const frame = document.querySelector('.review-frame');
  if (!frame) return;

  const fit = page => {
    const border = frame.offsetHeight - frame.clientHeight;
    frame.style.height = `${Math.ceil(page.documentElement.getBoundingClientRect().height) + border + 1}px`;
  };
  const settle = () => {
    const page = frame.contentDocument;
    if (!page || !page.body) return;
    // A link followed inside the frame would end at a page that refuses to be framed.
    for (const way of page.querySelectorAll('a[href]:not([href^="#"]), form')) way.target = '_blank';
    fit(page);
    new ResizeObserver(() => fit(page)).observe(page.documentElement);
  };
  frame.addEventListener('load', settle);
  if (frame.contentDocument && frame.contentDocument.readyState === 'complete') settle();
})();
