/** Bytes of a well-formed text in UTF-8. Not by `Buffer` or `TextEncoder`: browsers lack the one, and Jest's jsdom the other. */
export function byteLength(text: string): number {
  let bytes = text.length;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    if (unit < 0x80) continue;
    bytes += unit < 0x800 || isSurrogate(unit) ? 1 : 2; // both halves of a pair make four bytes
  }
  return bytes;
}

function isSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdfff;
}
