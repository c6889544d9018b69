// A new step's id becomes its name in ASCII snake_case: conditions then read like the rules do.
const GENERATED = /^(Activity|Event|Gateway)_[0-9a-z]{7}$/;

export const snakeCase = name => name.toLowerCase()
  .replace(/[åä]/g, 'a').replace(/ö/g, 'o').normalize('NFD').replace(/[̀-ͯ]/g, '')
  .replace(/[^a-z0-9]+/g, '_').replace(/^_+|_+$/g, '').replace(/^(\d)/, 'steg_$1').slice(0, 40);

export default function Naming(eventBus, modeling, elementRegistry) {
  function free(wanted) {
    let id = wanted;
    for (let n = 2; elementRegistry.get(id); n += 1) id = `${wanted}_${n}`;
    return id;
  }

  eventBus.on([ 'commandStack.element.updateProperties.postExecuted', 'commandStack.element.updateLabel.postExecuted' ], 500, ({ context }) => {
    const element = context.element.labelTarget || context.element;
    const { id, name } = element.businessObject;
    const wanted = name && snakeCase(name);
    if (wanted && GENERATED.test(id)) modeling.updateProperties(element, { id: free(wanted) });
  });
}

Naming.$inject = [ 'eventBus', 'modeling', 'elementRegistry' ];
