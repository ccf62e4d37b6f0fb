// Grey pixels as a PNG file. A canvas would give four bytes a pixel, and the server takes longer to unpack them
// than to read the digit; and its toBlob waits until the browser is idle, for seconds where the machine is busy.

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const EIGHT_BIT_GREY = [8, 0, 0, 0, 0];

/** A PNG file of a byte a pixel, rows first. */
export async function greyPng(grey, width, height) {
  const rows = new Uint8Array((width + 1) * height); // the first byte of each says that it is stored as it is
  for (let y = 0; y < height; y++) rows.set(grey.subarray(y * width, (y + 1) * width), y * (width + 1) + 1);
  const header = new Uint8Array([...bigEndian(width), ...bigEndian(height), ...EIGHT_BIT_GREY]);
  const parts = [chunk("IHDR", header), chunk("IDAT", await deflate(rows)), chunk("IEND", new Uint8Array())];
  return new Blob([new Uint8Array(SIGNATURE), ...parts], { type: "image/png" });
}

async function deflate(bytes) {
  const stream = new CompressionStream("deflate");
  const writer = stream.writable.getWriter();
  writer.write(bytes);
  writer.close();
  return new Uint8Array(await new Response(stream.readable).arrayBuffer());
}

function chunk(kind, data) {
  const checked = new Uint8Array([...[...kind].map((letter) => letter.charCodeAt(0)), ...data]);
  return new Uint8Array([...bigEndian(data.length), ...checked, ...bigEndian(crc32(checked))]);
}

function bigEndian(value) {
  return [value >>> 24, value >>> 16, value >>> 8, value];
}

function crc32(bytes) {
  let crc = -1;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc;
}
