import {
  specifiedRules,
  TypeInfo,
  ValidationContext,
  visit,
  visitInParallel,
  visitWithTypeInfo,
  type DocumentNode,
  type GraphQLSchema,
} from 'graphql';
import { pathsOf } from './paths.js';
import { translate, type ToldError } from './translate.js';

/** How many errors an answer lists. Source: app/graphql/gitlab_schema.rb */
const listedErrors = 5;

/** What is wrong with a query, by the rules of GraphQL, in GitLab's words. Nothing is run where this is not empty. */
export function validateQuery(schema: GraphQLSchema, document: DocumentNode): ToldError[] {
  const types = new TypeInfo(schema);
  const paths = pathsOf(document);
  const told: ToldError[] = [];
  const rules = specifiedRules.map((rule) => {
    const context: ValidationContext = new ValidationContext(schema, document, types, (error) => {
      const error_ = translate(rule, error, context, paths);
      if (!told.some((known) => JSON.stringify(known) === JSON.stringify(error_))) told.push(error_);
    });
    return rule(context);
  });
  visit(document, visitWithTypeInfo(types, visitInParallel(rules)));
  return told.slice(0, listedErrors);
}
