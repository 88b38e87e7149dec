import { Button, Input } from "antd"
import { useState } from "react"
import type { GatewayBody, GatewayTried } from "../../src/api/contract/settings.ts"
import { post, put } from "../client.ts"
import { EmptyState, ErrorState, Skeleton } from "../marks/Blank.tsx"
import { useWho } from "../shell/who.tsx"
import { say } from "../time/dates.ts"
import { useNow } from "../time/now.ts"
import { useZone } from "../time/zone.ts"
import { useWords } from "../words/words.ts"
import { useAct, useGateway } from "./queries.ts"
import { Trouble } from "./Trouble.tsx"

/** The company's gateway for messages to customers: where they go, a test, and what it is sent. */
export default function GatewaySection() {
  const { t, language } = useWords()
  const zone = useZone()
  const now = useNow(60_000)
  const { may } = useWho()
  const found = useGateway()
  const test = useAct(() => post<GatewayTried>("/api/v1/gateway/test"))
  const save = useAct((body: GatewayBody) => put("/api/v1/gateway", body))
  if (found.error) return <ErrorState error={found.error} onRetry={() => void found.refetch()} />
  if (!found.data) return <Skeleton rows={3} />
  const { gateway } = found.data
  const mayAct = may("act", "settings")
  const change = (body: GatewayBody) => {
    test.reset()
    return save.mutateAsync(body)
  }
  return (
    <div className="sentences">
      {gateway === null ? (
        <EmptyState title={t("settings.gateway.none")}>{t("settings.gateway.means")}</EmptyState>
      ) : (
        <p>
          {t("settings.gateway.to", {
            host: gateway.shown,
            at: say(Date.parse(gateway.changedAt), now, { language, zone }),
          })}
        </p>
      )}
      {gateway !== null && mayAct && (
        <div className="row acts">
          <Button loading={test.isPending} onClick={() => test.mutate(undefined)}>
            {t("settings.gateway.test")}
          </Button>
          <Button type="text" loading={save.isPending} onClick={() => void change(null).catch(() => {})}>
            {t("settings.gateway.remove")}
          </Button>
          {test.data && <Tried {...test.data} />}
        </div>
      )}
      {mayAct && <Fields kept={gateway !== null} isSaving={save.isPending} onSave={change} />}
      <Trouble error={save.error ?? test.error} />
      <div className="effect">
        {["gets", "signs", "answer", "host"].map((each) => (
          <p className="s t2" key={each}>
            {t(`settings.gateway.${each}`)}
          </p>
        ))}
      </div>
    </div>
  )
}

function Tried({ sent, why, messageId }: GatewayTried) {
  const { t } = useWords()
  if (!sent) return <span className="s over">{t("settings.gateway.failed", { why })}</span>
  return (
    <span className="s">
      {messageId ? t("settings.gateway.sentId", { id: messageId }) : t("settings.gateway.sent")}
    </span>
  )
}

function Fields({
  kept,
  isSaving,
  onSave,
}: {
  kept: boolean
  isSaving: boolean
  onSave(body: GatewayBody): Promise<unknown>
}) {
  const { t } = useWords()
  const [url, setUrl] = useState("")
  const [secret, setSecret] = useState("")
  const isReady = kept ? url !== "" || secret !== "" : url !== "" && secret !== ""
  const save = () =>
    onSave({ ...(url ? { url } : {}), ...(secret ? { secret } : {}) }).then(
      () => {
        setUrl("")
        setSecret("")
      },
      () => {},
    )
  return (
    <form
      className="gateway-form"
      onSubmit={(event) => {
        event.preventDefault()
        void save()
      }}
    >
      <label htmlFor="gateway-url">
        <span className="t3 s">{t("settings.gateway.url")}</span>
        <Input
          id="gateway-url"
          value={url}
          placeholder={kept ? t("settings.gateway.kept") : "https://sms.example.com/zhunshi"}
          onChange={({ target }) => setUrl(target.value.trim())}
        />
      </label>
      <label htmlFor="gateway-secret">
        <span className="t3 s">{t("settings.gateway.secret")}</span>
        <Input.Password
          id="gateway-secret"
          autoComplete="new-password"
          value={secret}
          placeholder={kept ? t("settings.gateway.kept") : ""}
          onChange={({ target }) => setSecret(target.value.trim())}
        />
      </label>
      <Button type="primary" htmlType="submit" disabled={!isReady} loading={isSaving}>
        {t("settings.gateway.save")}
      </Button>
    </form>
  )
}
