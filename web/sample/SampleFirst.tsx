import { useMutation, useQueryClient } from "@tanstack/react-query"
import { Button } from "antd"
import type { SampleOffer } from "../../src/api/contract/sample.ts"
import { post } from "../client.ts"
import { useWords } from "../words/words.ts"
import { useOffer } from "./queries.ts"
import "./sample.css"

/** Before there is a company: "look at the sample company first", started beside this one where that is possible. */
export function SampleFirst({ token }: { token?: string }) {
  const { t } = useWords()
  const offer = useOffer()
  const queries = useQueryClient()
  const start = useMutation({
    mutationFn: () => post<SampleOffer>("/api/v1/sample/beside", token === undefined ? {} : { token }),
    onSuccess: (answer) => queries.setQueryData(["sample", "beside"], answer),
  })
  if (!offer) return null
  const { state, share, port } = offer.start
  const { protocol, hostname } = window.location
  return (
    <section className="sample-first">
      <b>{t("sample.first")}</b>
      <p className="t2 s">{t("sample.firstWhat")}</p>
      {!offer.possible && <p className="s">{t("sample.byCommand", { command: offer.command })}</p>}
      {offer.possible && (state === "none" || state === "failed") && (
        <Button loading={start.isPending} onClick={() => start.mutate()}>
          {t("sample.open")}
        </Button>
      )}
      {state === "filling" && (
        <div className="filling" role="status">
          <progress max={1} value={share} />
          <span className="s t2">{t("sample.filling", { percent: Math.round(share * 100) })}</span>
        </div>
      )}
      {state === "ready" && (
        <Button type="primary" href={`${protocol}//${hostname}:${port}/sign-in`} target="_blank">
          {t("sample.look")}
        </Button>
      )}
      {(state === "failed" || start.isError) && (
        <p className="s">{t("sample.byCommand", { command: offer.command })}</p>
      )}
    </section>
  )
}
