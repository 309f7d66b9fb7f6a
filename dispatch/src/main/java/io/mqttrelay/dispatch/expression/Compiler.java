package io.mqttrelay.dispatch.expression;

import io.mqttrelay.dispatch.expression.function.Functions;
import io.mqttrelay.dispatch.expression.value.Node;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes the parts of one expression from its syntax tree, and refuses names that it does not know. One thread. */
final class Compiler {
    private static final Set<String> COMPARISONS = Set.of("<", "<=", ">", ">=");

    private final String source;
    private final Functions functions;
    private Names names = new Names(null, new HashSet<>());

    /** The variables that are known at a place. */
    private record Names(@Nullable Names outer, Set<String> here) {
        boolean has(String name) {
            return here.contains(name) || (outer != null && outer.has(name));
        }
    }

    Compiler(String source, Functions functions) {
        this.source = source;
        this.functions = functions;
    }

    Node compile() {
        return node(SyntaxTree.read(source));
    }

    private List<Node> nodes(List<SyntaxTree> trees) {
        List<Node> nodes = new ArrayList<>();
        trees.forEach(tree -> nodes.add(node(tree)));
        return nodes;
    }

    /** A part with its filters and its group. */
    private Node node(SyntaxTree tree) {
        if (tree.has("focus") || tree.has("index") || tree.has("ancestor") || tree.has("tuple")) {
            throw new InvalidExpressionException(
                    "the operators @, # and % (parent) are not supported", tree.position());
        }
        Node node = plain(tree);
        List<Node> filters = filters(tree.parts("predicate"));
        if (!filters.isEmpty()) {
            node = new Paths.Filtered(tree.position(), node, filters);
        }
        SyntaxTree group = tree.optional("group");
        if (group != null) {
            node = new Paths.Grouped(tree.position(), node, object(group));
        }
        return tree.flag("keepArray") ? new Paths.Kept(tree.position(), node) : node;
    }

    private List<Node> filters(List<SyntaxTree> trees) {
        List<Node> filters = new ArrayList<>();
        for (SyntaxTree tree : trees) {
            if (!tree.type().equals("filter")) {
                throw new InvalidExpressionException("the operator # is not supported", tree.position());
            }
            filters.add(node(tree.part("expr")));
        }
        return filters;
    }

    private Node plain(SyntaxTree tree) {
        int at = tree.position();
        return switch (tree.type()) {
            case "path" -> path(tree);
            case "binary" -> binary(tree);
            case "unary" -> unary(tree);
            case "name" -> new Paths.Name(at, tree.text());
            case "string" -> new Structures.Literal(at, tree.text());
            case "number" -> new Structures.Literal(at, Constants.number(tree, source));
            case "value" -> new Structures.Literal(at, Constants.fixed(tree));
            case "regex" -> new Structures.Literal(at, Constants.regex(tree));
            case "wildcard" -> new Paths.Wildcard(at);
            case "descendant" -> new Paths.Descendants(at);
            case "variable" -> variable(tree);
            case "condition" -> choice(tree);
            case "block" -> block(tree);
            case "bind" -> binding(tree);
            case "function" -> call(tree, false);
            case "partial" -> partial(tree);
            case "lambda" -> tree.flag("thunk") ? call(tree.part("body"), true) : definition(tree);
            case "apply" -> new Calls.Chain(at, node(tree.part("lhs")), node(tree.part("rhs")));
            case "transform" -> transformation(tree);
            case "sort" -> sorting(tree);
            case "parent" -> throw new InvalidExpressionException("the operator % (parent) is not supported", at);
            default -> throw new InvalidExpressionException("not an expression", at);
        };
    }

    private Node path(SyntaxTree tree) {
        List<Paths.Step> steps = new ArrayList<>();
        for (SyntaxTree step : tree.parts("steps")) {
            Paths.Kind kind = steps.isEmpty() && step.flag("consarray")
                    ? Paths.Kind.ARRAY
                    : step.type().equals("variable") ? Paths.Kind.ONCE : Paths.Kind.EACH;
            steps.add(new Paths.Step(node(step), filters(step.parts("stages")), kind));
        }
        return new Paths.Path(steps.get(0).node().position(), List.copyOf(steps), tree.flag("keepSingletonArray"));
    }

    private Node binary(SyntaxTree tree) {
        int at = tree.position();
        String sign = tree.text();
        Node left = node(tree.part("lhs"));
        Node right = node(tree.part("rhs"));
        if (COMPARISONS.contains(sign)) {
            return new Operators.Comparison(at, sign, left, right);
        }
        return switch (sign) {
            case "+", "-", "*", "/", "%" -> new Operators.Arithmetic(at, sign.charAt(0), left, right);
            case "=", "!=" -> new Operators.Equality(at, sign.equals("="), left, right);
            case "and", "or" -> new Operators.Logic(at, sign.equals("and"), left, right);
            case "&" -> new Operators.Concatenation(at, left, right);
            case ".." -> new Operators.Range(at, left, right);
            case "in" -> new Operators.Membership(at, left, right);
            default -> throw new InvalidExpressionException("unknown operator " + sign, at);
        };
    }

    private Node unary(SyntaxTree tree) {
        return switch (tree.text()) {
            case "-" -> new Operators.Negation(tree.position(), node(tree.part("expression")));
            case "[" ->
                new Structures.ArrayLiteral(tree.position(), nodes(tree.parts("expressions")), tree.flag("consarray"));
            case "{" -> object(tree);
            default -> throw new InvalidExpressionException("unknown operator " + tree.text(), tree.position());
        };
    }

    private Structures.ObjectLiteral object(SyntaxTree tree) {
        List<Map.Entry<Node, Node>> pairs = new ArrayList<>();
        tree.pairs().forEach(pair -> pairs.add(Map.entry(node(pair.get(0)), node(pair.get(1)))));
        return new Structures.ObjectLiteral(tree.position(), pairs);
    }

    private Node variable(SyntaxTree tree) {
        String name = tree.text();
        if (Functions.REFUSED.contains(name)) {
            throw refused(name, tree.position());
        }
        if (!name.isEmpty() && !name.equals("$") && !names.has(name) && !functions.has(name)) {
            throw new InvalidExpressionException("unknown variable or function $" + name, tree.position());
        }
        return new Structures.Variable(tree.position(), name);
    }

    private static InvalidExpressionException refused(String name, int position) {
        return new InvalidExpressionException(
                "$" + name + " is not allowed: an expression depends on its message alone", position);
    }

    private Node choice(SyntaxTree tree) {
        Node condition = node(tree.part("condition"));
        Node then = node(tree.part("then"));
        SyntaxTree otherwise = tree.optional("_else");
        return new Structures.Choice(tree.position(), condition, then, otherwise == null ? null : node(otherwise));
    }

    private Node block(SyntaxTree tree) {
        Names outer = names;
        names = new Names(outer, new HashSet<>());
        Node block = new Structures.Block(tree.position(), nodes(tree.parts("expressions")));
        names = outer;
        return block;
    }

    private Node binding(SyntaxTree tree) {
        String name = tree.part("lhs").text();
        bound(name, tree.position());
        return new Structures.Binding(tree.position(), name, node(tree.part("rhs")));
    }

    private void bound(String name, int position) {
        if (Functions.REFUSED.contains(name)) {
            throw refused(name, position);
        }
        if (name.isEmpty() || name.equals("$")) {
            throw new InvalidExpressionException("$ and $$ cannot be bound", position);
        }
        names.here().add(name);
    }

    private Node call(SyntaxTree tree, boolean last) {
        Node function = node(tree.part("procedure"));
        return new Calls.Call(tree.position(), function, nodes(tree.parts("arguments")), last);
    }

    private Node partial(SyntaxTree tree) {
        List<@Nullable Node> arguments = new ArrayList<>();
        for (SyntaxTree argument : tree.parts("arguments")) {
            boolean open = argument.type().equals("operator") && argument.text().equals("?");
            arguments.add(open ? null : node(argument));
        }
        return new Calls.Partial(tree.position(), node(tree.part("procedure")), arguments);
    }

    private Node definition(SyntaxTree tree) {
        if (tree.has("signature")) {
            throw new InvalidExpressionException("signatures of functions are not supported", tree.position());
        }
        Names outer = names;
        names = new Names(outer, new HashSet<>());
        List<String> parameters = new ArrayList<>();
        for (SyntaxTree parameter : tree.parts("arguments")) {
            bound(parameter.text(), parameter.position());
            parameters.add(parameter.text());
        }
        Node body = node(tree.part("body"));
        names = outer;
        return new Calls.Definition(tree.position(), parameters, body);
    }

    private Node transformation(SyntaxTree tree) {
        SyntaxTree delete = tree.optional("delete");
        return new Calls.Transformation(
                tree.position(),
                node(tree.part("pattern")),
                node(tree.part("update")),
                delete == null ? null : node(delete));
    }

    private Node sorting(SyntaxTree tree) {
        List<Sorting.Term> terms = new ArrayList<>();
        for (SyntaxTree term : tree.parts("terms")) {
            terms.add(new Sorting.Term(node(term.part("expression")), term.flag("descending")));
        }
        return new Sorting(tree.position(), terms);
    }
}
