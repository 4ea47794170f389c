import type { Json } from "../schema";
import type { Tenant } from "../tenant";
import { findIncidents, type Incident } from "./incidents";
import { ALERTS, type AlertFacts } from "./kinds";

/** One alert as it stands: what was configured, and what the last scan found. */
export interface Alert {
  facts: AlertFacts;
  isEnabled: boolean;
  thresholds: Json;
  /** What the last scan found; what was remediated since is gone from it. */
  incidents: Incident[];
  isDismissed: boolean;
  scannedAt: number;
  modifiedAt: number | null;
}

/** The alerts of a tenant. They are there from the start, and scanned when first asked for. */
export class AlertBook {
  private readonly alerts = new Map<string, Alert>();

  constructor(private readonly tenant: Tenant) {}

  all(): Alert[] {
    return ALERTS.map((facts) => this.of(facts));
  }

  /** The alert with this id, which is also the id of its definition and configuration. */
  byId(id: string): Alert | undefined {
    const facts = ALERTS.find(({ kind }) => this.idOf(kind).toLowerCase() === id.toLowerCase());
    return facts === undefined ? undefined : this.of(facts);
  }

  idOf(kind: string): string {
    return `DirectoryRole_${this.tenant.id}_${kind}`;
  }

  /** Looks again; a dismissed alert comes back. */
  scan(alert: Alert): void {
    const { kind } = alert.facts;
    const now = this.tenant.clock.now();
    const found = alert.isEnabled ? findIncidents(this.tenant, kind, alert.thresholds) : [];
    if (found.length !== alert.incidents.length) alert.modifiedAt = now;
    Object.assign(alert, { incidents: found, isDismissed: false, scannedAt: now });
  }

  private of(facts: AlertFacts): Alert {
    const known = this.alerts.get(facts.kind);
    if (known !== undefined) return known;
    const alert: Alert = {
      facts,
      isEnabled: true,
      thresholds: { ...facts.thresholds },
      incidents: [],
      isDismissed: false,
      scannedAt: 0,
      modifiedAt: null,
    };
    this.alerts.set(facts.kind, alert);
    this.scan(alert);
    return alert;
  }
}
