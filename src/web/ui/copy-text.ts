import { noticeDone, noticeFailure } from './notices.ts';

/** Puts text on the clipboard and says so in the words of `what`. */
export async function copyText(text: string, what: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    noticeDone(`${what} copied.`);
  } catch {
    noticeFailure({ message: 'The browser did not allow copying.', hint: 'Select the text and copy it by hand.' });
  }
}
