package io.mqttrelay.common.topic;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds the topic filters that overlap with another filter. The time depends on the number of levels and hardly on
 * the number of filters. It is a tree with a node for each level: a lookup visits only nodes that match so far. One
 * thread.
 */
public final class FilterIndex {
    private static final String SINGLE_LEVEL = "+";
    private static final String MULTI_LEVEL = "#";

    private static final class Node {
        private final Map<String, Node> below = new HashMap<>();
        private final List<Integer> ending = new ArrayList<>();
    }

    /** A filter with more levels is kept outside of the tree, because the tree is walked recursively. */
    private static final int MOST_LEVELS = 200;

    private final Node root = new Node();
    private final Node deep = new Node();
    private final List<TopicFilter> filters = new ArrayList<>();

    /** Adds a filter. Its number is the count of filters added before. */
    public void add(TopicFilter filter) {
        Node node = root;
        if (isDeep(filter)) {
            node = deep;
        } else {
            for (String level : filter.levels()) {
                node = node.below.computeIfAbsent(level, name -> new Node());
            }
        }
        node.ending.add(filters.size());
        filters.add(filter);
    }

    /**
     * The numbers of the filters that overlap with {@code filter}, in ascending order.
     *
     * @param most 1 or more; if there are more overlaps, any {@code most} of them are returned
     */
    public List<Integer> overlapping(TopicFilter filter, int most) {
        Search search = new Search(filter, most);
        search.take(deep);
        if (isDeep(filter)) {
            search.takeAllOf(root);
        } else {
            search.at(root, 0);
        }
        search.found.sort(null);
        return search.found;
    }

    private static boolean isDeep(TopicFilter filter) {
        return filter.levels().size() > MOST_LEVELS;
    }

    private final class Search {
        private final TopicFilter filter;
        private final List<String> levels;
        private final int most;
        private final List<Integer> found = new ArrayList<>();

        Search(TopicFilter filter, int most) {
            this.filter = filter;
            this.levels = filter.levels();
            this.most = most;
        }

        private void at(Node node, int depth) {
            if (found.size() >= most) {
                return;
            }
            String level = depth == levels.size() ? null : levels.get(depth);
            if (MULTI_LEVEL.equals(level)) {
                takeAllOf(node);
                return;
            }
            Node rest = node.below.get(MULTI_LEVEL);
            if (rest != null) {
                take(rest);
            }
            if (level == null) {
                take(node);
            } else if (level.equals(SINGLE_LEVEL)) {
                Iterator<Node> children = node.below.values().iterator();
                while (found.size() < most && children.hasNext()) {
                    Node child = children.next();
                    if (child != rest) {
                        at(child, depth + 1);
                    }
                }
            } else {
                descend(node.below.get(level), depth);
                descend(node.below.get(SINGLE_LEVEL), depth);
            }
        }

        private void descend(@Nullable Node child, int depth) {
            if (child != null) {
                at(child, depth + 1);
            }
        }

        /** Takes the filters of the node and of all nodes below it. */
        private void takeAllOf(Node node) {
            take(node);
            Iterator<Node> children = node.below.values().iterator();
            while (found.size() < most && children.hasNext()) {
                takeAllOf(children.next());
            }
        }

        /**
         * Takes the node's filters that really overlap. The tree does not cover {@code $} and empty levels, so each
         * filter is checked.
         */
        private void take(Node node) {
            for (int i = 0; i < node.ending.size() && found.size() < most; i++) {
                int number = node.ending.get(i);
                if (filters.get(number).overlaps(filter)) {
                    found.add(number);
                }
            }
        }
    }
}
