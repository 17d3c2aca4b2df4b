// Runs before the first paint, so that a chosen theme never flashes in the other one.
try {
  const stored = JSON.parse(localStorage.getItem('weightroom.preferences') ?? '{}');
  if (stored.theme === 'light' || stored.theme === 'dark') document.documentElement.dataset.theme = stored.theme;
} catch {
  // Storage is blocked or holds something else: the theme follows the system.
}
