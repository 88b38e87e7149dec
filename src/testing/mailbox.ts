import type { AddressInfo } from "node:net"
import { createServer, type Server } from "node:net"

/** A mail server on loopback that keeps what it is sent. */
export type Mailbox = {
  port: number
  /** each mail with its envelope's receiver; base64 and quoted parts are left as they came */
  mails: { to: string; text: string }[]
  /** answers every mail with this instead of taking it */
  refuse: string | null
  close(): Promise<void>
}

/** Opens a mail server that speaks just enough SMTP. */
export async function openMailbox(): Promise<Mailbox> {
  const server: Server = createServer((socket) => {
    let to = ""
    let data: string | null = null
    let rest = ""
    const say = (line: string) => socket.write(`${line}\r\n`)
    say("220 mailbox")
    socket.on("error", () => {})
    socket.on("data", (chunk) => {
      rest += chunk.toString("utf8")
      for (let end = rest.indexOf("\r\n"); end >= 0; end = rest.indexOf("\r\n")) {
        const line = rest.slice(0, end)
        rest = rest.slice(end + 2)
        if (data !== null && line !== ".") data += `${line}\n`
        else if (data !== null) {
          mailbox.mails.push({ to, text: data })
          data = null
          say("250 kept")
        } else if (/^RCPT TO/i.test(line)) {
          to = /<(.*?)>/.exec(line)?.[1] ?? ""
          say(mailbox.refuse ?? "250 ok")
        } else if (/^DATA/i.test(line)) {
          data = ""
          say("354 go on")
        } else if (/^QUIT/i.test(line)) {
          say("221 bye")
          socket.end()
        } else say("250 ok")
      }
    })
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const mailbox: Mailbox = {
    port: (server.address() as AddressInfo).port,
    mails: [],
    refuse: null,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
  return mailbox
}

/** The readable text of a mail's parts, whichever way they were carried. */
export function readableOf(text: string): string {
  const base64 = text.match(/(?:^[A-Za-z0-9+/=]{4,}$\n?)+/gm) ?? []
  const quoted = text
    .replace(/=\n/g, "")
    .replace(/(?:=[0-9A-F]{2})+/g, (bytes) => Buffer.from(bytes.replaceAll("=", ""), "hex").toString("utf8"))
  return [
    quoted,
    ...base64.map((part) => Buffer.from(part.replaceAll("\n", ""), "base64").toString("utf8")),
  ].join("\n")
}
