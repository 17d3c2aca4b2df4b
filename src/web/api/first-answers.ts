const answers = new Map(typeof window === 'undefined' ? [] : window.weightroomStart?.answers);
let asked: string[] | null = [];

/** The answer that is already on its way; each is given once, and none after the start: it would be an old one. */
export function firstAnswer(url: string): Promise<Response> | undefined {
  asked?.push(url);
  const answer = answers.get(url);
  answers.delete(url);
  return answer;
}

/** Whether answers are on their way. */
export function hasFirstAnswers(): boolean {
  return answers.size > 0;
}

/** Ends the start. Returns what was asked for in it, for public/start.js to ask for the next time. */
export function endFirstAsks(): { readonly address: string; readonly urls: readonly string[] } {
  const urls = asked ?? [];
  asked = null;
  answers.clear();
  return { address: window.weightroomStart?.address ?? '', urls };
}
