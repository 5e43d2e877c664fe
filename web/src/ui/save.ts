/** Hands a file to the browser to save. */
export function save({ name, mime, content }: { name: string; mime: string; content: string }): void {
  const url = URL.createObjectURL(new Blob([content], { type: mime }));
  const anchor = document.createElement("a");
  anchor.href = url;
  anchor.download = name;
  anchor.click();
  URL.revokeObjectURL(url);
}
