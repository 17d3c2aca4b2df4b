// Runs before the first paint: a chosen theme never flashes in the other one, and what the page asked for first when it
// was last started at this address is on its way while the program still loads (api/first-answers.ts takes it up).
{
  let stored = {};
  try {
    stored = JSON.parse(localStorage.getItem('weightroom.preferences') ?? '{}') ?? {};
  } catch {
    // Storage is blocked or holds something else: the theme follows the system.
  }
  const { theme, firstAsks } = stored;
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;

  const address = new URL(location.href);
  for (const name of ['row', 'at']) address.searchParams.delete(name);
  const answers = new Map();
  const isSame = location.hash === '' && firstAsks?.address === address.pathname + address.search;
  if (isSame && Array.isArray(firstAsks.urls)) {
    for (const url of firstAsks.urls) {
      if (!String(url).startsWith('/api/')) continue;
      const answer = fetch(url, { credentials: 'same-origin' });
      // Who takes it hears of a failure; nobody need.
      answer.catch(() => undefined);
      answers.set(url, answer);
    }
  }
  window.weightroomStart = { stored, address: address.pathname + address.search, answers };
}
