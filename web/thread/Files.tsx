import { FileText, RotateCw, X } from "lucide-react"
import { useCallback, useEffect, useRef, useState } from "react"
import type { AttachmentView } from "../../src/api/contract/words.ts"
import { attachmentBytesMax, attachmentsMax, attachmentTypes } from "../../src/core/attachments.ts"
import { useProblem } from "../marks/Blank.tsx"
import { useWords } from "../words/words.ts"
import { type About, addressOfFile, sendFile } from "./queries.ts"

/** A file on its way into a thread. */
export type Sent = {
  id: number
  name: string
  preview: string | null
  share: number
  kept: AttachmentView | null
  refused: string | null
}

let count = 0

/** The files of the message that is being written: each goes up as soon as it is chosen, and says why when it is refused. */
export function useFiles(of: About) {
  const { t } = useWords()
  const problem = useProblem()
  const [files, setFiles] = useState<Sent[]>([])
  const shown = useRef(files)
  shown.current = files
  const change = (id: number, some: Partial<Sent>) =>
    setFiles((all) => all.map((each) => (each.id === id ? { ...each, ...some } : each)))
  const add = (chosen: Iterable<File>) => {
    for (const file of [...chosen].slice(0, attachmentsMax - shown.current.length)) {
      count += 1
      const id = count
      const refused =
        file.size > attachmentBytesMax
          ? t("problems.file_too_large.title")
          : file.type !== "" && !attachmentTypes.some((type) => type === file.type)
            ? t("problems.file_type.title")
            : null
      const isImage = refused === null && file.type.startsWith("image/")
      const preview = isImage ? URL.createObjectURL(file) : null
      setFiles((all) => [...all, { id, name: file.name, preview, share: 0, kept: null, refused }])
      if (refused === null)
        sendFile(of, file, (share) => change(id, { share }))
          .then((kept) => change(id, { kept, share: 1 }))
          .catch((error: unknown) => change(id, { refused: problem(error).title }))
    }
  }
  const remove = (id: number) =>
    setFiles((all) => {
      forget(all.filter((each) => each.id === id))
      return all.filter((each) => each.id !== id)
    })
  const clear = useCallback(() => {
    forget(shown.current)
    setFiles([])
  }, [])
  useEffect(() => () => forget(shown.current), [])
  return { files, add, remove, clear }
}

function forget(files: readonly Sent[]): void {
  for (const { preview } of files) if (preview !== null) URL.revokeObjectURL(preview)
}

/** Files that are going up, each with how far it is or why it was refused. */
export function Sending({ files, onRemove }: { files: readonly Sent[]; onRemove(id: number): void }) {
  const { t } = useWords()
  if (files.length === 0) return null
  return (
    <ul className="thread-files">
      {files.map(({ id, name, preview, share, kept, refused }) => (
        <li key={id} className={refused === null ? "" : "refused"} title={name}>
          {preview ? <img src={preview} alt="" /> : <FileText size={20} />}
          <span className="el s">{name}</span>
          {refused !== null && <span className="s over">{refused}</span>}
          {refused === null && kept === null && (
            <progress max={1} value={share} aria-label={t("thread.sending", { name })} />
          )}
          <button
            type="button"
            className="icon-button"
            aria-label={t("thread.remove", { name })}
            onClick={() => onRemove(id)}
          >
            <X size={13} />
          </button>
        </li>
      ))}
    </ul>
  )
}

/** The files of a message: images small, to be opened; a PDF by its name. */
export function Files({ of, files }: { of: About; files: readonly AttachmentView[] }) {
  if (files.length === 0) return null
  return (
    <ul className="thread-pictures">
      {files.map((file) => (
        <li key={file.sha256}>
          <a href={addressOfFile(of, file.sha256)} target="_blank" rel="noreferrer" title={file.name}>
            {file.type === "application/pdf" ? (
              <span className="thread-paper">
                <FileText size={16} />
                <span className="el">{file.name}</span>
                <span className="t3 s nw">{sizeOf(file.bytes)}</span>
              </span>
            ) : (
              <Picture src={addressOfFile(of, file.sha256)} name={file.name} />
            )}
          </a>
        </li>
      ))}
    </ul>
  )
}

function Picture({ src, name }: { src: string; name: string }) {
  const [failed, setFailed] = useState(false)
  if (failed)
    return (
      <span className="thread-paper">
        <RotateCw size={16} />
        <span className="el">{name}</span>
      </span>
    )
  return <img src={src} alt={name} loading="lazy" decoding="async" onError={() => setFailed(true)} />
}

const sizeOf = (bytes: number): string =>
  bytes < 100 * 1024 ? `${Math.max(1, Math.round(bytes / 1024))} KB` : `${(bytes / 2 ** 20).toFixed(1)} MB`
