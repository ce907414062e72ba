/** How a model, or what it was given, is refused. */
import { CloudError } from "../../errors.ts";

/** What is wrong with a model or with what it was given. */
export const invalid = (message: string): CloudError => new CloudError("invalid", message);
