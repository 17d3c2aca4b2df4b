/** Hands the browser a file to save. */
export function saveFile(name: string, text: string, type: string): void {
  const address = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  // The browser reads the blob after the click; a minute is far more than it takes.
  window.setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
