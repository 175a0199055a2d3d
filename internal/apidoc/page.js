(() => {
  const input = document.getElementById('q');
  const status = document.getElementById('found');
  const items = [...document.querySelectorAll('[data-words]')];
  const groups = [...document.querySelectorAll('.group')];
  const filter = () => {
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    let found = 0;
    for (const item of items) {
      item.hidden = !words.every((w) => item.dataset.words.includes(w));
      if (!item.hidden && item.tagName === 'ARTICLE') found += 1;
    }
    for (const group of groups) group.hidden = !group.querySelector('[data-words]:not([hidden])');
    status.textContent = words.length ? `${found} found` : '';
  };
  document.getElementById('base').textContent = location.origin;
  input.addEventListener('input', filter);
  document.addEventListener('keydown', (e) => {
    if (e.key === '/' && document.activeElement !== input) {
      e.preventDefault();
      input.focus();
    }
  });
})();
