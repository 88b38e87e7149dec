import { useMutation, useQueryClient } from "@tanstack/react-query"
import { Pause, Play } from "lucide-react"
import { useState } from "react"
import type { SampleStream } from "../../src/api/contract/sample.ts"
import { post } from "../client.ts"
import { useWho } from "../shell/who.tsx"
import { useWords } from "../words/words.ts"
import { useSample } from "./queries.ts"
import "./sample.css"
import { Dialog } from "../marks/Dialog.tsx"

/** Says on every page that this is the sample company; its stream is steered here, and the owner leaves it here. */
export function SampleRibbon() {
  const { t } = useWords()
  const { may } = useWho()
  const sample = useSample(true)
  const [leaving, setLeaving] = useState(false)
  if (!sample) return null
  return (
    <aside className="sample-ribbon" aria-label={t("sample.name")}>
      <b>{t("sample.name")}</b>
      <span className="t2 el m">{t("sample.what")}</span>
      <span className="grow" />
      <Stream stream={sample.stream} />
      {may("act", "settings") && (
        <button type="button" className="link" onClick={() => setLeaving(true)}>
          {t("sample.leave")}
        </button>
      )}
      <Leave open={leaving} onClose={() => setLeaving(false)} />
    </aside>
  )
}

function Stream({ stream }: { stream: SampleStream }) {
  const { t } = useWords()
  const queries = useQueryClient()
  const steer = useMutation({
    mutationFn: (wish: { running?: boolean; perMinute?: number }) =>
      post<SampleStream>("/api/v1/sample/stream", wish),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["sample"] }),
  })
  const { running, perMinute, paces, sold, packed } = stream
  const Icon = running ? Pause : Play
  return (
    <span className="row stream">
      <button
        type="button"
        className="icon-button"
        aria-label={t(running ? "sample.pause" : "sample.play")}
        title={t(running ? "sample.pause" : "sample.play")}
        onClick={() => steer.mutate({ running: !running })}
      >
        <Icon size={14} strokeWidth={2} />
      </button>
      <span className="m el">{stream.title}</span>
      <span className="row paces">
        {paces.map((pace) => (
          <button
            key={pace}
            type="button"
            className={pace === perMinute ? "chosen" : ""}
            aria-pressed={pace === perMinute}
            title={t("sample.pace", { n: pace })}
            onClick={() => steer.mutate({ perMinute: pace, running: true })}
          >
            {pace}
          </button>
        ))}
      </span>
      <span className="t3 m">
        {t("sample.sold", { sold: sold.toLocaleString("en"), packed: packed.toLocaleString("en") })}
      </span>
    </span>
  )
}

function Leave({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { t } = useWords()
  const leave = useMutation({
    mutationFn: () => post("/api/v1/sample/leave"),
    onSuccess: async () => {
      await gone()
      window.location.assign("/sign-in")
    },
  })
  const busy = leave.isPending || leave.isSuccess
  return (
    <Dialog
      open={open}
      onCancel={onClose}
      title={t("sample.leaveTitle")}
      okText={t("sample.leaveGo")}
      cancelText={t("sample.stay")}
      confirmLoading={busy}
      onOk={() => leave.mutate()}
      width={440}
    >
      <p>{t("sample.leaveWhat")}</p>
      {leave.isError && <p className="t2">{t("sample.leaveFailed")}</p>}
    </Dialog>
  )
}

/** Waits until the sample company no longer answers: another one does, or nobody, after half a minute at most. */
async function gone(): Promise<void> {
  for (let tries = 0; tries < 30; tries++) {
    await new Promise((resolve) => setTimeout(resolve, 1_000))
    const answer = await fetch("/api/v1/sample").catch(() => null)
    if (answer?.ok && ((await answer.json()) as { sample: unknown }).sample === null) return
  }
}
