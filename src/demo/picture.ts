import { deflateSync } from "node:zlib"

/** CRC-32 as PNG wants it. */
function crcOf(bytes: Buffer): number {
  let crc = ~0
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0)
  }
  return ~crc >>> 0
}

function chunk(name: string, body: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(name), body])
  const head = Buffer.alloc(4)
  head.writeUInt32BE(body.length)
  const tail = Buffer.alloc(4)
  tail.writeUInt32BE(crcOf(named))
  return Buffer.concat([head, named, tail])
}

const [width, height] = [480, 320]

/** A drawn picture of a shelf with gaps, as a PNG: what somebody in a warehouse would photograph. */
export function shelfPicture(): Buffer {
  const rows = Buffer.alloc(height * (width * 3 + 1))
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const place = y * (width * 3 + 1) + 1 + x * 3
      const board = y % 80 > 70
      const post = x % 160 < 8
      const box = x % 80 > 14 && y % 80 > 26 && !board && !emptyAt(Math.floor(x / 80), Math.floor(y / 80))
      const edge = box && (x % 80 < 17 || y % 80 < 29)
      const [r, g, b] =
        board || post ? [96, 104, 116] : edge ? [168, 132, 92] : box ? [206, 172, 128] : [238, 236, 232]
      rows[place] = r!
      rows[place + 1] = g!
      rows[place + 2] = b!
    }
  const head = Buffer.alloc(13)
  head.writeUInt32BE(width, 0)
  head.writeUInt32BE(height, 4)
  head.set([8, 2, 0, 0, 0], 8)
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk("IHDR", head),
    chunk("IDAT", deflateSync(rows)),
    chunk("IEND", Buffer.alloc(0)),
  ])
}

/** Where nothing stands any more. */
const emptyAt = (column: number, row: number): boolean => row === 1 || (row === 2 && column > 2)
