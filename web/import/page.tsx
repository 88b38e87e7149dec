import { Steps } from "antd"
import { FileUp } from "lucide-react"
import { useRef, useState } from "react"
import type { ImportPreview } from "../../src/api/contract/imports.ts"
import { ErrorState, ForbiddenState, Skeleton, useProblem } from "../marks/Blank.tsx"
import { PageHead } from "../marks/PageHead.tsx"
import { useWho } from "../shell/who.tsx"
import { useWords } from "../words/words.ts"
import { History } from "./History.tsx"
import { Preview } from "./Preview.tsx"
import { useImporting, useImports, usePreview, useUpload, type Wish } from "./queries.ts"
import "./import.css"

/** Import: drop a file, look at what it is, mend its columns, write it; and what was imported before. */
export default function ImportPage() {
  const { t } = useWords()
  const { may } = useWho()
  const [preview, setPreview] = useState<ImportPreview | null>(null)
  const [wish, setWish] = useState<Wish>({})
  const imports = useImports()
  const uploading = useUpload()
  const looking = usePreview()
  const { start } = useImporting()
  const problem = useProblem()
  const running = imports.data?.items.find((each) => each.state === "running")
  const step = preview ? 2 : running ? 3 : uploading.isPending ? 1 : 0
  const error = uploading.error ?? looking.error ?? start.error

  const drop = (file: File) => {
    start.reset()
    looking.reset()
    setWish({})
    uploading.mutate(file, { onSuccess: setPreview })
  }
  const ask = (next: Wish) => {
    setWish(next)
    if (preview) looking.mutate({ id: preview.upload, wish: next }, { onSuccess: setPreview })
  }
  const leave = () => {
    setPreview(null)
    setWish({})
    uploading.reset()
  }
  if (!may("act", "order"))
    return (
      <div className="import">
        <PageHead title={t("import.title")} />
        <ForbiddenState />
      </div>
    )
  return (
    <div className="import">
      <PageHead title={t("import.title")}>
        <Steps
          size="small"
          className="import-steps"
          current={step}
          items={["drop", "know", "look", "write", "done"].map((each) => ({
            title: t(`import.step.${each}`),
          }))}
        />
      </PageHead>
      {error && (
        <p className="import-error" role="alert">
          <b>{problem(error).title}</b> {problem(error).mend}
        </p>
      )}
      {preview ? (
        <Preview
          key={preview.upload}
          preview={preview}
          wish={wish}
          busy={start.isPending || looking.isPending}
          onWish={ask}
          onLeave={leave}
          onWrite={(more) =>
            start.mutate(
              {
                ...wish,
                ...more,
                upload: preview.upload,
                ...(wish.exportedAt ? {} : { exportedAt: preview.exportedAt }),
                ...(wish.format || !preview.format ? {} : { format: preview.format }),
              },
              { onSuccess: leave },
            )
          }
        />
      ) : (
        <>
          <DropZone busy={uploading.isPending} onFile={drop} />
          {imports.isPending ? (
            <Skeleton rows={4} />
          ) : imports.error ? (
            <ErrorState error={imports.error} onRetry={() => void imports.refetch()} />
          ) : (
            <History items={imports.data.items} />
          )}
        </>
      )}
    </div>
  )
}

function DropZone({ busy, onFile }: { busy: boolean; onFile: (file: File) => void }) {
  const { t } = useWords()
  const input = useRef<HTMLInputElement>(null)
  const [over, setOver] = useState(false)
  return (
    <button
      type="button"
      className={`import-drop${over ? " over" : ""}`}
      disabled={busy}
      onClick={() => input.current?.click()}
      onDragOver={(event) => {
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault()
        setOver(false)
        const file = event.dataTransfer.files[0]
        if (file) onFile(file)
      }}
    >
      <FileUp size={22} strokeWidth={1.5} />
      <b>{t(busy ? "import.drop.reading" : "import.drop.title")}</b>
      <span className="t3 s">{t("import.drop.means")}</span>
      <input
        ref={input}
        type="file"
        accept=".csv,.xlsx,.txt,.tsv"
        hidden
        aria-label={t("import.drop.title")}
        onChange={({ target }) => {
          const file = target.files?.[0]
          if (file) onFile(file)
          target.value = ""
        }}
      />
    </button>
  )
}
