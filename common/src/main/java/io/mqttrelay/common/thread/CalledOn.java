package io.mqttrelay.common.thread;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Names the only thread role that may call a method, or every method of a type. {@link Confined} checks it at run
 * time.
 */
@Documented
@Retention(RetentionPolicy.CLASS)
@Target({ElementType.METHOD, ElementType.TYPE, ElementType.CONSTRUCTOR})
public @interface CalledOn {
    /** The role, as in the thread's name. */
    String value();
}
