using System.Text.Json;
using SegmentPush.Mappings;

namespace SegmentPush.Pushes;

/// <summary>Writes a person as a record of Sync Leads. An empty value is left out, which leaves the field as it is.</summary>
internal sealed class RecordWriter
{
    private readonly FieldWriter _identity;
    private readonly FieldWriter[] _fields;

    /// <summary>Makes a writer.</summary>
    /// <param name="mapping">The fields.</param>
    /// <param name="creates">Whether people may be created, and so company fields are sent at all.</param>
    public RecordWriter(Mapping mapping, bool creates)
    {
        _identity = new FieldWriter(mapping.IdentityField, true);
        _fields = [.. mapping.AttributeFields.Select(field => new FieldWriter(field, creates || !field.IsCompanyField))];
    }

    /// <summary>Writes the record that the identity finds.</summary>
    public void Write(Utf8JsonWriter json, Person person, bool withCompany)
    {
        json.WriteStartObject();
        _identity.Write(json, person.Identity);
        WriteFields(json, person, withCompany);
        json.WriteEndObject();
    }

    /// <summary>Writes the record that the person's id finds. It can't create, so company fields stay out.</summary>
    public void WriteById(Utf8JsonWriter json, Person person)
    {
        json.WriteStartObject();
        json.WriteNumber("id", person.MarketoId!.Value);
        WriteFields(json, person, withCompany: false);
        json.WriteEndObject();
    }

    /// <summary>Whether a person's record holds a company field.</summary>
    public bool HasCompanyField(Person person)
    {
        for (int i = 0; i < _fields.Length; i++)
        {
            if (_fields[i] is { IsSent: true, IsCompanyField: true } && !person.Values[i].IsEmpty) return true;
        }

        return false;
    }

    private void WriteFields(Utf8JsonWriter json, Person person, bool withCompany)
    {
        for (int i = 0; i < _fields.Length; i++)
        {
            var field = _fields[i];
            if (field.IsSent && (withCompany || !field.IsCompanyField) && person.Values[i] is { IsEmpty: false } value) field.Write(json, value);
        }
    }

    private sealed class FieldWriter(TargetField field, bool isSent)
    {
        private readonly JsonEncodedText _name = JsonEncodedText.Encode(field.Name);
        private readonly bool _isLiteral = field.Form is ValueForm.Integer or ValueForm.Number or ValueForm.Boolean;

        public bool IsSent => isSent;

        public bool IsCompanyField { get; } = field.IsCompanyField;

        public void Write(Utf8JsonWriter json, ReadOnlySpan<char> value)
        {
            json.WritePropertyName(_name);

            // Mapped values of these forms are valid JSON as they stand.
            if (_isLiteral) json.WriteRawValue(value);
            else json.WriteStringValue(value);
        }
    }
}
