/**
 * Takes the place of Excalidraw's font subsetting: a picture saved as SVG carries whole font files,
 * which Excalidraw splits into small ranges of characters already.
 */

export const Commands = { Subset: "SUBSET" } as const;

export function toBase64(font: ArrayBuffer): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result));
    reader.onerror = () => reject(reader.error ?? new Error("the font could not be read"));
    reader.readAsDataURL(new Blob([font], { type: "font/woff2" }));
  });
}

export async function subsetToBinary(font: ArrayBuffer): Promise<ArrayBuffer> {
  return font;
}

export async function subsetToBase64(font: ArrayBuffer): Promise<string> {
  return toBase64(font);
}
