package weekbench;

import ai.timefold.solver.core.api.domain.entity.PlanningEntity;
import ai.timefold.solver.core.api.domain.entity.PlanningPin;
import ai.timefold.solver.core.api.domain.lookup.PlanningId;
import ai.timefold.solver.core.api.domain.variable.PlanningVariable;

/** A request; its place is a session, a start and a wait between the steps in one number, or null: left out. */
@PlanningEntity
public class Visit {

    @PlanningId
    public int request;

    @PlanningPin
    public boolean fixed;

    @PlanningVariable(allowsUnassigned = true, valueRangeProviderRefs = "places")
    public Long place;

    public Visit() {}

    Visit(int request, boolean fixed, Long place) {
        this.request = request;
        this.fixed = fixed;
        this.place = place;
    }

    public Long getPlace() {
        return place;
    }

    public void setPlace(Long place) {
        this.place = place;
    }
}
