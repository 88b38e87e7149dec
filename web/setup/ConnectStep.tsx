import { BellRing, FileUp } from "lucide-react"
import { Link } from "react-router"
import KeysSection from "../settings/Keys.tsx"
import { TrialSwitch } from "../trial/TrialSwitch.tsx"
import { useWords } from "../words/words.ts"
import { Reach } from "./Reach.tsx"

/** The two ways orders come in: a file dropped on the import page, or a key with its call; where warnings go, and whether others reach this address. */
export default function ConnectStep() {
  const { t } = useWords()
  return (
    <>
      <Link to="/import" className="way">
        <FileUp size={18} strokeWidth={1.75} />
        <span>
          <b>{t("setup.connect.file")}</b>
          <span className="s t2">{t("setup.connect.fileMeans")}</span>
        </span>
      </Link>
      <KeysSection />
      <Link to="/settings/alerts" className="way after">
        <BellRing size={18} strokeWidth={1.75} />
        <span>
          <b>{t("setup.connect.alerts")}</b>
          <span className="s t2">{t("setup.connect.alertsMean")}</span>
        </span>
      </Link>
      <TrialSwitch />
      <Reach />
    </>
  )
}
