export { Budget, budgetKey, Budgets, type BudgetOptions, type BudgetRequest } from './budget.js';
export { type BudgetStore, InMemoryBudgetStore } from './budget-store.js';
export { type ConnectionStage, connectionStage } from './connection-stage.js';
export { createHttpClient, type HttpClientOptions, type RequestInfo } from './http-client.js';
export { createRedactor, type Redactor, redactText } from './redact.js';
export { sleep, type Sleep } from './wait.js';
